//! Cases: small tests that run beside each other, each with a verdict.

use std::fmt;
use std::ops::AddAssign;
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::Result;

use crate::bounded::Outcome;
use crate::cx::Cx;
use crate::progress::answer;

/// What came of a case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    /// What was expected and what happened instead.
    Failed(String),
    /// Why it could not be judged here.
    Skipped(String),
}

/// What a test ends with when the kernel or the machine lacks what it tests.
pub(crate) const SKIPPED_STATUS: i32 = 77;

impl Verdict {
    /// The verdict on a test that ended with [`SKIPPED_STATUS`]: its last line is the reason.
    pub(crate) fn skipped_by(outcome: &Outcome) -> Self {
        let why = String::from_utf8_lossy(&outcome.stdout);
        Self::Skipped(why.lines().last().unwrap_or("no reason").to_owned())
    }
}

/// A test with a name that says where it is.
pub(crate) struct Case<'a> {
    /// What the user sees and filters by: `SUITE/TEST` and the variant.
    pub(crate) name: String,
    /// Runs and judges it.
    pub(crate) run: Box<dyn Fn() -> Result<Verdict> + Sync + 'a>,
}

/// How many cases passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that did what was expected.
    pub(crate) passed: usize,
    /// Those that did something else, or could not be run.
    pub(crate) failed: usize,
    /// Those that could not be judged here.
    pub(crate) skipped: usize,
}

impl Tally {
    /// The tally of one case.
    pub(crate) fn of(verdict: &Verdict) -> Self {
        let count = |is: bool| usize::from(is);
        Self {
            passed: count(matches!(verdict, Verdict::Passed)),
            failed: count(matches!(verdict, Verdict::Failed(_))),
            skipped: count(matches!(verdict, Verdict::Skipped(_))),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// Runs the cases of `suite` whose names contain `filter`, and tells of each that did not pass.
///
/// # Errors
/// When a worker panics; a case that cannot be run is a failed case.
pub(crate) fn run_all(cx: &Cx, suite: &str, filter: &str, mut cases: Vec<Case>) -> Result<Tally> {
    cases.retain(|case| case.name.contains(filter));
    if cases.is_empty() {
        return Ok(Tally::default());
    }
    let tally = Mutex::new(Tally::default());
    cx.parallel(suite, &cases, |case| {
        let verdict = (case.run)().unwrap_or_else(|error| Verdict::Failed(format!("{error:#}")));
        report(cx, &case.name, &verdict);
        if let Ok(mut tally) = tally.lock() {
            *tally += Tally::of(&verdict);
        }
        Ok(())
    })?;
    Ok(tally.into_inner().unwrap_or_default())
}

/// Tells of a case that did not pass.
pub(crate) fn report(cx: &Cx, name: &str, verdict: &Verdict) {
    match verdict {
        Verdict::Passed => {}
        Verdict::Failed(why) => cx.say(format!("FAILED  {name}: {}", indent(why))),
        Verdict::Skipped(why) => cx.say(format!("skipped {name}: {why}")),
    }
}

/// Prints the tally, alone on the last line, and says how to end.
pub(crate) fn conclude(tally: Tally) -> ExitCode {
    answer(&tally.to_string());
    if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Puts further lines below the first, farther to the right.
fn indent(text: &str) -> String {
    text.trim_end().replace('\n', "\n    ")
}
