//! `cargo xtask clean`: removes what was built; the cache of sources stays.

use anyhow::{Context, Result};

use crate::cx::Cx;
use crate::files::remove;

/// Command line of `cargo xtask clean`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to remove, for example `sysroot` or `apps/lua`; the whole build folder when none is given
    products: Vec<String>,
}

/// Removes products.
///
/// # Errors
/// When a name leads out of the build folder, or something cannot be removed.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let products = match args.products.as_slice() {
        [] => vec![String::new()],
        names => names.to_vec(),
    };
    for name in products {
        let inside = |part| matches!(part, std::path::Component::Normal(_));
        let is_inside = std::path::Path::new(&name).components().all(inside);
        let place = is_inside.then(|| cx.out(&name));
        let place = place.with_context(|| format!("`{name}` is not a product's name"))?;
        if place.symlink_metadata().is_ok() {
            remove(&place)?;
            cx.say(format!("removed {}", place.display()));
        } else {
            cx.say(format!("{}: nothing to remove", place.display()));
        }
    }
    Ok(())
}
