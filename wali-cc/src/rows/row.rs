//! What a row for an option of the driver is, and when it holds.

/// A rewrite of an argument.
pub struct Row {
    /// Which arguments it is for.
    pub(super) matches: Match,
    /// In which command lines.
    pub(super) when: When,
    /// What becomes of the argument.
    pub action: Action,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// Which arguments a row is for.
pub(super) enum Match {
    /// One of these words; a space separates them, here and below.
    Is(&'static str),
    /// What starts like one of these.
    StartsWith(&'static str),
    /// What starts like the first, unless the rest is one of the second.
    ValueNot(&'static str, &'static str),
    /// What this function says yes to.
    If(fn(&str) -> bool),
}

/// In which command lines a row holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum When {
    Always,
    Linking,
    /// Objects are linked, nothing is compiled.
    OnlyLinking,
    /// Sources are compiled and linked at once.
    CompilingToModule,
    /// No `-fsanitize-trap` takes the need for a runtime away.
    NotTrapping,
}

/// What a row does to an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Leaves it out.
    Drop,
    /// Puts this option in its place.
    Replace(&'static str),
    /// Puts this argument for the linker in its place.
    Link(&'static str),
    /// Ends with an error; the text says what to do instead.
    Refuse(&'static str),
}

/// What the rows have to know of the whole command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// It ends with a link.
    pub linking: bool,
    /// It compiles something.
    pub compiling: bool,
    /// Sanitizer checks end in a trap.
    pub trapping: bool,
}

impl Row {
    /// Whether the row is for `option`, in such a command line.
    pub(super) fn holds(&self, option: &str, context: Context) -> bool {
        self.matches.holds(option) && self.when.holds(context)
    }
}

impl Match {
    fn holds(&self, option: &str) -> bool {
        match self {
            Match::Is(words) => contains(words, option),
            Match::StartsWith(prefixes) => {
                prefixes.split(' ').any(|prefix| option.starts_with(prefix))
            }
            Match::ValueNot(prefix, known) => option
                .strip_prefix(prefix)
                .is_some_and(|value| !contains(known, value)),
            Match::If(test) => test(option),
        }
    }
}

impl When {
    fn holds(self, context: Context) -> bool {
        match self {
            When::Always => true,
            When::Linking => context.linking,
            When::OnlyLinking => context.linking && !context.compiling,
            When::CompilingToModule => context.linking && context.compiling,
            When::NotTrapping => !context.trapping,
        }
    }
}

/// Whether `word` is one of `words`, which spaces separate.
pub(super) fn contains(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}
