//! What `wali-runtime` and the program `wali-compiler` tell each other.
//!
//! The runtime starts `wali-compiler serve` with the arguments of a [`Query`] and a socket as its standard
//! input. It writes the module there, closes its side for writing, and reads the answer:
//!
//! ```text
//! wali-compiler 1 kept\n
//! wali-compiler 1 here\n<the image of the program>
//! wali-compiler 1 error <exit status>\n<message>
//! ```
//!
//! An answer that starts otherwise comes from another program. A compiler that was killed sends none at all.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use wali_contract::Executor;

use crate::cache::{Cache, CacheChoice};
use crate::compiler::{Outcome, Request};
use crate::error::{LoadError, LoadErrorKind};
use crate::label::{Image, REVISION};

/// The subcommand of `wali-compiler`.
pub const SUBCOMMAND: &str = "serve";

/// What an answer starts with.
const GREETING: &str = "wali-compiler 1 ";

/// The options of `wali-compiler serve`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The path that the module was read from, for messages.
    pub path: PathBuf,
    /// What will execute the program.
    pub executor: Executor,
    /// The folder that the program may be kept in, and how many bytes may be kept there.
    pub cache: Option<(PathBuf, u64)>,
}

impl Query {
    /// The query for a request, whose module goes another way.
    pub fn of(request: &Request<'_>) -> Query {
        Query {
            path: request.path.to_owned(),
            executor: request.executor,
            cache: request
                .cache
                .map(|(cache, limit_bytes)| (cache.dir().to_owned(), limit_bytes)),
        }
    }

    /// The query as arguments behind [`SUBCOMMAND`].
    pub fn to_args(&self) -> Vec<OsString> {
        let executor = match self.executor {
            Executor::Compiler => "compiler",
            Executor::Interpreter => "interpreter",
        };
        let mut args: Vec<OsString> = vec![REVISION.into(), executor.into()];
        let (dir, limit_bytes) = match &self.cache {
            Some((dir, limit_bytes)) => (dir.into(), limit_bytes.to_string()),
            None => (OsString::new(), String::new()),
        };
        args.extend([dir, limit_bytes.into(), self.path.clone().into()]);
        args
    }

    /// The query that was passed as these arguments.
    ///
    /// # Errors
    /// They were not written by the engine that belongs to this compiler: the sentence for the user.
    pub fn from_args(args: &[OsString]) -> Result<Query, String> {
        let [revision, executor, dir, limit_bytes, path] = args else {
            return Err("it is started by wali-engine, with five arguments".to_owned());
        };
        if revision != REVISION {
            return Err(
                "wali-engine and wali-compiler are not of the same build; install both again"
                    .to_owned(),
            );
        }
        let executor = match executor.to_str() {
            Some("compiler") => Executor::Compiler,
            Some("interpreter") => Executor::Interpreter,
            _ => return Err(format!("no executor {}", executor.display())),
        };
        let limit_bytes = limit_bytes.to_str().and_then(|text| text.parse().ok());
        Ok(Query {
            path: path.into(),
            executor,
            cache: limit_bytes.map(|limit_bytes| (dir.into(), limit_bytes)),
        })
    }

    /// The cache that the program may be kept in.
    pub fn open_cache(&self) -> Option<(Cache, u64)> {
        let (dir, limit_bytes) = self.cache.as_ref()?;
        let cache = Cache::open(&CacheChoice::Dir(dir.clone()), false)?;
        Some((cache, *limit_bytes))
    }
}

/// What the compiler says.
pub fn answer(result: &Result<Outcome, LoadError>) -> Vec<u8> {
    let mut bytes = GREETING.as_bytes().to_vec();
    match result {
        Ok(Outcome::Kept) => bytes.extend(b"kept\n"),
        Ok(Outcome::Here(image)) => {
            bytes.extend(b"here\n");
            bytes.extend(image.bytes());
        }
        Err(error) => bytes.extend(format!("error {}\n{error}", error.exit_status()).bytes()),
    }
    bytes
}

/// What `answer`, the compiler's whole answer about the module at `path`, says.
///
/// # Errors
/// The compiler's, or that this is no answer of a compiler of the same build.
pub fn read_answer(path: &Path, answer: Vec<u8>) -> Result<Outcome, LoadError> {
    let strange = |why: &str| {
        LoadError::refused(
            path,
            format!("{why}; install wali-engine and wali-compiler again"),
        )
    };
    let end = answer.iter().position(|&byte| byte == b'\n');
    let line = end.and_then(|end| std::str::from_utf8(&answer[..end]).ok());
    let (Some(end), Some(what)) = (end, line.and_then(|line| line.strip_prefix(GREETING))) else {
        return Err(strange("the answer to it is no compiler's"));
    };
    match what.split_once(' ') {
        None if what == "kept" => Ok(Outcome::Kept),
        None if what == "here" => {
            let mut bytes = answer;
            bytes.drain(..=end);
            let image = Image::from_bytes(bytes);
            image
                .map(Outcome::Here)
                .map_err(|why| LoadError::refused(path, why))
        }
        Some(("error", status)) => Err(LoadError::new(
            path,
            LoadErrorKind::Reported {
                message: String::from_utf8_lossy(&answer[end + 1..]).into_owned(),
                exit_status: status.parse().unwrap_or(126),
            },
        )),
        _ => Err(strange("the answer to it is not known")),
    }
}

#[cfg(test)]
mod tests {
    use wali_contract::{Facts, TableFill};

    use super::*;

    const PATH: &str = "/tmp/a b.wasm";

    fn image() -> Image {
        let facts = Facts {
            initial_pages: 1,
            max_pages: 2,
            table_fill: TableFill::AtOnce,
        };
        Image::new(
            b"code\n\0".to_vec(),
            facts,
            Executor::Compiler,
            [3; 32],
            PATH.as_ref(),
        )
    }

    #[test]
    fn a_query_is_read_as_it_was_written() {
        let query = Query {
            path: PATH.into(),
            executor: Executor::Interpreter,
            cache: Some(("/cache".into(), 7)),
        };
        assert_eq!(Query::from_args(&query.to_args()), Ok(query.clone()));
        let without = Query {
            cache: None,
            ..query
        };
        assert_eq!(Query::from_args(&without.to_args()), Ok(without));
    }

    #[test]
    fn a_query_of_another_build_is_refused() {
        let query = Query {
            path: PATH.into(),
            executor: Executor::Compiler,
            cache: None,
        };
        let mut args = query.to_args();
        args[0] = "1".into();
        assert!(Query::from_args(&args).is_err_and(|why| why.contains("same build")));
        assert!(Query::from_args(&args[1..]).is_err());
    }

    #[test]
    fn answers_are_read_as_they_were_written() {
        let read = |result: Result<Outcome, LoadError>| read_answer(PATH.as_ref(), answer(&result));
        assert!(matches!(read(Ok(Outcome::Kept)), Ok(Outcome::Kept)));
        let Ok(Outcome::Here(found)) = read(Ok(Outcome::Here(image()))) else {
            panic!("no image");
        };
        assert_eq!(found.bytes(), image().bytes());
        let error = LoadError::invalid(PATH.as_ref(), "bad\nvery bad");
        let text = error.to_string();
        let found = read(Err(error)).expect_err("an error");
        assert_eq!((found.to_string(), found.exit_status()), (text, 126));
    }

    #[test]
    fn anything_else_is_no_answer() {
        let cases: [(&[u8], &str); 5] = [
            (b"", "no compiler's"),
            (b"hello\n", "no compiler's"),
            (b"wali-compiler 1 kept", "no compiler's"),
            (b"wali-compiler 1 perhaps\n", "not known"),
            (b"wali-compiler 1 here\nshort", "not a program"),
        ];
        for (bytes, part) in cases {
            let error = read_answer(PATH.as_ref(), bytes.to_vec()).expect_err("no answer");
            assert!(error.to_string().contains(part), "{bytes:?}: {error}");
        }
    }
}
