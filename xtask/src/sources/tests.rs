//! Fetching through a server of our own: cut connections, wrong files, servers that do not resume.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::cache::Cache;
use super::{Sources, manifest};
use crate::cx::{Cx, Options};
use crate::stamp::hex;

/// What the server sends for one request, before it closes the connection.
type Answer = Vec<u8>;

/// A server that gives one answer after the other, and keeps each request's `Range`.
struct Server {
    url: String,
    ranges: Arc<Mutex<Vec<Option<String>>>>,
}

impl Server {
    fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hello-1.0.tar", listener.local_addr().unwrap());
        let ranges = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&ranges);
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let range = head.iter().find_map(|line| {
                    let (name, value) = line.split_once(": ")?;
                    name.eq_ignore_ascii_case("range").then(|| value.to_owned())
                });
                seen.lock().unwrap().push(range);
                // A client that has seen enough may be gone.
                let _ = stream.write_all(&answer);
            }
        });
        Self { url, ranges }
    }

    fn ranges(&self) -> Vec<Option<String>> {
        self.ranges.lock().unwrap().clone()
    }
}

/// An answer that promises `length` bytes and has `body`.
fn answer(status: &str, length: usize, body: &[u8]) -> Answer {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// An archive with one file, large enough to be cut.
fn archive() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    let text = "hello\n".repeat(50_000);
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "hello-1.0/greeting", text.as_bytes())
        .unwrap();
    tar.into_inner().unwrap()
}

fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A fetch of the source `hello`, whose archive has the checksum `sha256`, into a cache in `folder`.
struct Fetch<'a> {
    folder: &'a Path,
    url: &'a str,
    sha256: String,
    offline: bool,
    sources: Option<&'a Path>,
}

impl<'a> Fetch<'a> {
    fn new(folder: &'a Path, url: &'a str, sha256: String) -> Self {
        Self {
            folder,
            url,
            sha256,
            offline: false,
            sources: None,
        }
    }

    /// What `greeting` says, or the error.
    fn run(&self) -> Result<String, String> {
        let build_dir = Some(self.folder.join("build"));
        let options = Options {
            build_dir,
            offline: self.offline,
            sources: self.sources.map(Path::to_owned),
            ..Options::default()
        };
        let cx = Cx::new(&options).unwrap();
        let text = format!(
            "[hello]\nversion = '1.0'\nproviders = [{{ url = '{}', sha256 = '{}' }}]",
            self.url, self.sha256
        );
        let sources = Sources {
            entries: manifest::parse(&text).unwrap(),
        };
        let cache = Cache::at(self.folder.join("cache")).unwrap();
        let source = sources.get_through(&cx, "hello", &cache);
        let source = source.map_err(|error| format!("{error:#}"))?;
        Ok(fs::read_to_string(source.dir.join("greeting")).unwrap())
    }

    /// The files that the cache keeps, locks left out.
    fn kept(&self) -> Vec<String> {
        let mut kept = Vec::new();
        for part in ["archives", "partial", "unpacked"] {
            for file in fs::read_dir(self.folder.join("cache").join(part)).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                if !name.ends_with(".lock") {
                    kept.push(format!("{part}/{name}"));
                }
            }
        }
        kept
    }
}

#[test]
fn a_download_that_was_cut_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, half) = (archive(), 100_000);
    let server = Server::start(vec![
        answer("200 OK", bytes.len(), &bytes[..half]),
        answer("206 Partial Content", bytes.len() - half, &bytes[half..]),
    ]);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    assert!(fetch.run().unwrap().starts_with("hello\n"));
    assert_eq!(server.ranges(), [None, Some(format!("bytes={half}-"))]);
}

#[test]
fn a_server_that_cannot_resume_is_read_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let server = Server::start(vec![
        answer("200 OK", bytes.len(), &bytes[..10]),
        answer("200 OK", bytes.len(), &bytes),
    ]);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    assert!(fetch.run().unwrap().starts_with("hello\n"));
}

#[test]
fn an_interrupted_run_is_taken_up_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, half) = (archive(), 100_000);
    let cut = |from: usize| answer("200 OK", bytes.len() - from, &[]);
    let nothing = vec![
        answer("200 OK", bytes.len(), &bytes[..half]),
        cut(half),
        cut(0),
        cut(0),
    ];
    let server = Server::start(nothing);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    let error = fetch.run().unwrap_err();
    assert!(error.contains("gave up after 4 attempts"), "{error}");

    fs::write(
        folder.path().join("cache/partial").join(sum(&bytes)),
        &bytes[..half],
    )
    .unwrap();
    let rest = answer("206 Partial Content", bytes.len() - half, &bytes[half..]);
    let server = Server::start(vec![rest]);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    assert!(fetch.run().unwrap().starts_with("hello\n"));
    assert_eq!(server.ranges(), [Some(format!("bytes={half}-"))]);
}

#[test]
fn the_wrong_file_is_refused_with_both_sums_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, other) = (archive(), b"something else".to_vec());
    let server = Server::start(vec![answer("200 OK", other.len(), &other)]);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    let error = fetch.run().unwrap_err();
    assert!(
        error.contains(&sum(&bytes)) && error.contains(&sum(&other)),
        "{error}"
    );
    assert_eq!(fetch.kept(), [""; 0]);
}

#[test]
fn the_beginning_of_another_file_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let server = Server::start(vec![
        answer("206 Partial Content", bytes.len() - 7, &bytes[7..]),
        answer("200 OK", bytes.len(), &bytes),
    ]);
    let fetch = Fetch::new(folder.path(), &server.url, sum(&bytes));
    fs::create_dir_all(folder.path().join("cache/partial")).unwrap();
    fs::write(
        folder.path().join("cache/partial").join(sum(&bytes)),
        "garbage",
    )
    .unwrap();
    assert!(fetch.run().unwrap().starts_with("hello\n"));
}

#[test]
fn a_refusal_or_an_absent_server_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![answer("404 Not Found", 0, b"")]);
    let error = Fetch::new(folder.path(), &server.url, sum(b""))
        .run()
        .unwrap_err();
    assert!(error.contains("status 404"), "{error}");
    assert_eq!(server.ranges().len(), 1, "no second try");

    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{closed}/hello-1.0.tar");
    let error = Fetch::new(folder.path(), &url, sum(b"")).run().unwrap_err();
    assert!(
        error.contains("hello 1.0 cannot be had") && error.contains(&url),
        "{error}"
    );
    assert!(!error.contains("gave up"), "no second try: {error}");
}

#[test]
fn a_folder_of_the_users_serves_without_any_network() {
    let folder = tempfile::tempdir().unwrap();
    let archives = folder.path().join("archives");
    fs::create_dir(&archives).unwrap();
    let bytes = archive();
    let mut fetch = Fetch::new(
        folder.path(),
        "http://127.0.0.1:9/hello-1.0.tar",
        sum(&bytes),
    );
    fetch.offline = true;
    fetch.sources = Some(archives.as_path());

    let error = fetch.run().unwrap_err();
    assert!(
        error.contains("has no hello-1.0.tar") && error.contains("--offline"),
        "{error}"
    );
    fs::write(archives.join("hello-1.0.tar"), "wrong").unwrap();
    let error = fetch.run().unwrap_err();
    assert!(
        error.contains(&sum(b"wrong")) && error.contains(&sum(&bytes)),
        "{error}"
    );
    fs::write(archives.join("hello-1.0.tar"), &bytes).unwrap();
    assert!(fetch.run().unwrap().starts_with("hello\n"));
    assert!(
        archives.join("hello-1.0.tar").exists(),
        "the user's own file stays"
    );

    fetch.sources = None;
    assert!(fetch.run().is_ok(), "it is in the cache now");
}

#[test]
fn an_unknown_source_is_answered_with_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("cache")).unwrap();
    let cx = Cx::new(&Options::default()).unwrap();
    let error = Sources::read(&cx)
        .unwrap()
        .get_through(&cx, "muls", &cache)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`muls`") && error.contains("musl"),
        "{error}"
    );
}
