//! Running a program on a terminal of its own, in a dialogue: wait for a text, type an answer.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetpgrp, tcsetwinsize};

use crate::bounded::{Group, Outcome, Program, wait};

/// How often in a row the programs in the foreground must be found asleep, and how long after each
/// other, to count as waiting.
const IDLE_LOOKS: usize = 4;
const IDLE_PAUSE: Duration = Duration::from_millis(5);

/// One line of a dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Waits until the program has printed this text after what was waited for before.
    Expect(String),
    /// Types these bytes.
    Send(Vec<u8>),
    /// Waits until every program in the foreground sleeps: it has read what was typed, has printed
    /// what it has to say, and waits.
    Idle,
}

/// Reads a dialogue: a line each, `expect TEXT`, `line TEXT` (typed with the return key), `type TEXT`
/// (without it), `key ^C`, `idle`; `#` starts a comment.
///
/// # Errors
/// When a line is none of these.
pub(crate) fn parse(text: &str) -> Result<Vec<Turn>> {
    let mut turns = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        turns.push(match (verb, rest.as_bytes()) {
            ("expect", [_, ..]) => Turn::Expect(rest.to_owned()),
            ("line", _) => Turn::Send(format!("{rest}\r").into_bytes()),
            ("type", [_, ..]) => Turn::Send(rest.as_bytes().to_vec()),
            ("key", [b'^', letter @ b'@'..=b'_']) => Turn::Send(vec![letter & 0x1f]),
            ("idle", []) => Turn::Idle,
            _ => bail!(
                "line {}: `{line}` is none of: expect TEXT, line TEXT, type TEXT, key ^X, idle",
                i + 1
            ),
        });
    }
    Ok(turns)
}

/// Runs `program` in `dir` on a terminal and leads the dialogue. What the terminal showed is the
/// outcome's `stdout`, with line ends as programs print them; there is no `stderr`.
///
/// # Errors
/// When there is no terminal or the program cannot be started. A text that never comes is no error:
/// the program ends as timed out.
pub(crate) fn run(program: &Program, turns: &[Turn], dir: &Path) -> Result<Outcome> {
    let (ours, theirs) = terminal().context("opening a terminal")?;
    // setsid makes the terminal the program's own, and then becomes the program. A shell that starts us in
    // the background has the keyboard's signals ignored, for which a shell then runs no trap.
    const THROUGH: [&str; 4] = ["env", "--default-signal=INT,QUIT", "setsid", "--ctty"];
    let mut through = program.clone();
    through.words.splice(0..0, THROUGH.map(Into::into));
    let mut command = through.command(dir)?;
    command
        .stdin(Stdio::from(theirs.try_clone()?))
        .stdout(Stdio::from(theirs.try_clone()?));
    command.stderr(Stdio::from(theirs));
    let mut child = command.spawn().with_context(|| program.cannot_start())?;
    drop(command);
    let group = Group::of(&child);

    let mut keyboard = std::fs::File::from(ours.try_clone()?);
    let mut screen = Screen::of(ours);
    let deadline = Instant::now() + program.limit;
    let mut is_answered = true;
    for turn in turns {
        match turn {
            Turn::Send(bytes) => keyboard.write_all(bytes).context("typing")?,
            Turn::Expect(text) => is_answered = screen.wait_for(text, deadline),
            Turn::Idle => is_answered = wait_until_idle(&keyboard, deadline),
        }
        if !is_answered {
            break;
        }
    }
    let left = match is_answered {
        true => deadline.saturating_duration_since(Instant::now()),
        // What was waited for did not come: nothing to wait for any longer.
        false => Duration::ZERO,
    };
    let mut end = wait(&mut child, left, &group)?;
    if let crate::bounded::End::TimedOut(limit) = &mut end {
        *limit = program.limit;
    }
    screen.read_rest();
    let stdout = String::from_utf8_lossy(&screen.shown)
        .replace("\r\n", "\n")
        .into_bytes();
    Ok(Outcome {
        end,
        stdout,
        stderr: Vec::new(),
    })
}

/// A new terminal of 80 by 24: our side and the program's.
fn terminal() -> Result<(OwnedFd, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let theirs = open(&*name, flags, Mode::empty())?;
    tcsetwinsize(
        &theirs,
        Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        },
    )?;
    Ok((ours, theirs))
}

/// Whether the programs in the foreground of `terminal` all come to sleep before `deadline`.
fn wait_until_idle(terminal: &std::fs::File, deadline: Instant) -> bool {
    let (mut n_looks, mut before) = (0, Vec::new());
    while n_looks < IDLE_LOOKS {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(IDLE_PAUSE);
        let group = tcgetpgrp(terminal).map(|group| group.as_raw_nonzero().get());
        let found = group.map_or_else(|_| Vec::new(), activity);
        let sleeps = !found.is_empty() && found.iter().all(|member| member.state == "S");
        n_looks = match sleeps {
            true if found == before => n_looks + 1,
            true => 1,
            false => 0,
        };
        before = found;
    }
    true
}

/// What a process of a group does.
#[derive(PartialEq, Eq)]
struct Activity {
    pid: String,
    state: String,
    /// Time of the processor that it has used, by itself and in the kernel.
    used: [String; 2],
}

/// What the processes of `group` do, those that have ended left out.
fn activity(group: i32) -> Vec<Activity> {
    let (group, mut members) = (group.to_string(), Vec::new());
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // The name, in parentheses, may hold anything.
        let Some((pid, rest)) = text.split_once(" (") else {
            continue;
        };
        let fields: Vec<&str> = match rest.rsplit_once(") ") {
            Some((_, fields)) => fields.split(' ').collect(),
            None => continue,
        };
        let field = |at: usize| fields.get(at).copied().unwrap_or_default().to_owned();
        if field(2) == group && field(0) != "Z" {
            members.push(Activity {
                pid: pid.to_owned(),
                state: field(0),
                used: [field(11), field(12)],
            });
        }
    }
    members
}

/// What the terminal has shown so far.
struct Screen {
    output: Receiver<Vec<u8>>,
    shown: Vec<u8>,
    n_matched: usize,
}

impl Screen {
    fn of(terminal: OwnedFd) -> Self {
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut terminal = std::fs::File::from(terminal);
            let mut buffer = [0; 4096];
            // The read fails when the last program has closed its side.
            while let Ok(n @ 1..) = terminal.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            output,
            shown: Vec::new(),
            n_matched: 0,
        }
    }

    /// Whether `text` is shown before `deadline`, after everything that was waited for before.
    fn wait_for(&mut self, text: &str, deadline: Instant) -> bool {
        loop {
            let rest = &self.shown[self.n_matched..];
            let at = rest
                .windows(text.len())
                .position(|window| window == text.as_bytes());
            if let Some(at) = at {
                self.n_matched += at + text.len();
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(part) => self.shown.extend(part),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    fn read_rest(&mut self) {
        // Children that the program left behind may keep the terminal open.
        while let Ok(part) = self.output.recv_timeout(Duration::from_millis(500)) {
            self.shown.extend(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounded::End;

    fn dialogue(script: &str, turns: &str, limit_s: u64) -> Outcome {
        let env = [("PATH".into(), std::env::var_os("PATH").unwrap())];
        let mut program = Program::new("sh", &env).args(["-c", script]);
        program.limit = Duration::from_secs(limit_s);
        run(&program, &parse(turns).unwrap(), Path::new("/")).unwrap()
    }

    #[test]
    fn a_program_is_answered_and_its_end_is_told() {
        let script = "test -t 0 && printf 'name? '; read name; echo hello $name; exit 3";
        let outcome = dialogue(script, "expect name? \nline Ann\nexpect hello Ann\n", 20);
        assert_eq!(outcome.end, End::Status(3));
        assert_eq!(
            String::from_utf8(outcome.stdout).unwrap(),
            "name? Ann\nhello Ann\n"
        );
    }

    #[test]
    fn the_terminal_controls_the_program() {
        // Once it has answered, it is cat that gets the signal, not the shell on its way to it.
        let turns = "line hello\nexpect hello\nexpect hello\nkey ^C\n";
        let outcome = dialogue("exec cat", turns, 20);
        assert_eq!(outcome.end, End::Signal(2));
    }

    #[test]
    fn what_is_typed_to_an_idle_program_finds_it_waiting() {
        let script =
            "n=0; while [ $n -lt 300000 ]; do n=$((n + 1)); done; trap 'exit 7' INT; read x";
        let outcome = dialogue(script, "idle\nkey ^C\n", 20);
        assert_eq!(outcome.end, End::Status(7));
    }

    #[test]
    fn a_text_that_never_comes_is_a_time_out() {
        let outcome = dialogue("echo something else; sleep 60", "expect nothing\n", 1);
        assert!(matches!(outcome.end, End::TimedOut(_)), "{outcome:?}");
    }

    #[test]
    fn a_line_that_makes_no_sense_is_told_with_its_number() {
        let error = parse("expect a\n\nshout b\n").unwrap_err().to_string();
        assert!(error.starts_with("line 3: `shout b`"), "{error}");
    }
}
