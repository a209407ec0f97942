//! `cargo xtask fetch`: brings sources into the cache, so that everything later works offline.

use crate::cx::Cx;
use crate::sources::Sources;

/// Command line of `cargo xtask fetch`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Sources to fetch; all of toolchains/sources.toml when none is given
    names: Vec<String>,
}

/// Fetches and unpacks each source and says where it is.
///
/// # Errors
/// When a source is unknown or no provider has it.
pub(crate) fn run(cx: &Cx, args: &Args) -> anyhow::Result<()> {
    let sources = Sources::read(cx)?;
    let names: Vec<&str> = match args.names.as_slice() {
        [] => sources.names(),
        names => names.iter().map(String::as_str).collect(),
    };
    for name in names {
        let source = sources.get(cx, name)?;
        cx.say(format!(
            "{name} {}: {}",
            source.version,
            source.dir.display()
        ));
    }
    Ok(())
}
