//! The first line of a script, read as the kernel reads it.

/// How much of a file the kernel looks at.
pub(super) const HEAD_BYTES: usize = 256;

/// What `#!` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interpreter {
    pub(super) path: Vec<u8>,
    /// Everything behind the path, as one argument.
    pub(super) arg: Option<Vec<u8>>,
}

/// The interpreter of the file that begins with `head`; `None` when the kernel would not take it
/// for a script.
pub(super) fn interpreter(head: &[u8]) -> Option<Interpreter> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let line = head.strip_prefix(b"#!")?;
    let line = line.split(|&byte| byte == 0).next()?;
    let (line, ends) = match line.iter().position(|&byte| byte == b'\n') {
        Some(end) => (&line[..end], true),
        None => (line, head.len() < HEAD_BYTES),
    };
    let line = trim(line);
    let end = line.iter().position(|&byte| is_blank(byte));
    let (path, rest) = match end {
        Some(end) => line.split_at(end),
        // The path may go on behind what was read.
        None if !ends => return None,
        None => (line, &[][..]),
    };
    if path.is_empty() {
        return None;
    }
    let arg = trim(rest);
    Some(Interpreter {
        path: path.to_vec(),
        arg: (!arg.is_empty()).then(|| arg.to_vec()),
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim(mut line: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = line
        && is_blank(*first)
    {
        line = rest;
    }
    while let [rest @ .., last] = line
        && is_blank(*last)
    {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_are_read_as_the_kernel_does() {
        struct Case {
            head: &'static [u8],
            path: Option<&'static [u8]>,
            arg: Option<&'static [u8]>,
        }
        let cases = [
            Case {
                head: b"#!/bin/sh\n",
                path: Some(b"/bin/sh"),
                arg: None,
            },
            Case {
                head: b"#! \t/bin/sh -e x \nmore",
                path: Some(b"/bin/sh"),
                arg: Some(b"-e x"),
            },
            Case {
                head: b"#!/bin/sh",
                path: Some(b"/bin/sh"),
                arg: None,
            },
            Case {
                head: b"#!\n",
                path: None,
                arg: None,
            },
            Case {
                head: b"#! \n",
                path: None,
                arg: None,
            },
            Case {
                head: b"\0asm",
                path: None,
                arg: None,
            },
            Case {
                head: b"",
                path: None,
                arg: None,
            },
        ];
        for Case { head, path, arg } in cases {
            let found = interpreter(head);
            let name = String::from_utf8_lossy(head);
            assert_eq!(found.as_ref().map(|found| &found.path[..]), path, "{name}");
            assert_eq!(found.and_then(|found| found.arg).as_deref(), arg, "{name}");
        }
    }

    #[test]
    fn a_path_that_does_not_end_is_none() {
        let mut head = b"#!/".to_vec();
        head.resize(HEAD_BYTES, b'x');
        assert_eq!(interpreter(&head), None);
        head[100] = b' ';
        assert_eq!(interpreter(&head).map(|found| found.path.len()), Some(98));
    }
}
