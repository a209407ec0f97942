//! `cargo xtask apps NAME` builds an application; `cargo xtask test-apps [NAME]` tests it.

mod build;
mod manifest;
mod suite;
mod test;

use std::process::ExitCode;

use anyhow::Result;

use crate::cx::Cx;
use crate::harness::case::{Tally, conclude, run_all};
use crate::harness::sandbox::How;
use crate::progress::answer;
use crate::{bounded, setup};
pub(crate) use build::{Flavour, build};
pub(crate) use manifest::App;

/// Command line of `cargo xtask apps`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Applications to build; without a name, says which there are
    names: Vec<String>,
}

/// Command line of `cargo xtask test-apps`.
#[derive(clap::Args)]
pub(crate) struct TestArgs {
    /// Applications to test, all when none is given
    names: Vec<String>,
    /// Run only the tests whose names contain TEXT
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    filter: String,
    /// Run the modules with the interpreter
    #[arg(long)]
    interp: bool,
}

/// Builds applications with wali-cc and says where their programs are.
///
/// # Errors
/// When an application is unknown or does not build.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let folder = cx.root().join("applications");
    if args.names.is_empty() {
        for app in read(cx, &manifest::names(&folder)?)? {
            answer(&format!("{:12} {}", app.name, app.manifest.description));
        }
        return Ok(());
    }
    let apps = read(cx, &args.names)?;
    setup::ensure(cx)?;
    for app in apps {
        let built = build::build(cx, &app, Flavour::Wasm)?;
        for product in app.manifest.products.keys() {
            cx.say(format!(
                "{}: {}",
                app.name,
                built.program(product).display()
            ));
        }
    }
    Ok(())
}

/// Tests applications: natively and as Wasm, compared.
///
/// # Errors
/// When an application is unknown or does not build.
pub(crate) fn run_tests(cx: &Cx, args: &TestArgs) -> Result<ExitCode> {
    let names = match args.names.as_slice() {
        [] => manifest::names(&cx.root().join("applications"))?,
        names => names.to_vec(),
    };
    let apps = read(cx, &names)?;
    bounded::end_with_us()?;
    setup::ensure(cx)?;
    let how = How {
        interpreted: args.interp,
        ..How::default()
    };
    Ok(conclude(test(cx, &apps, &args.filter, how)?))
}

/// The suite `apps`: all applications.
///
/// # Errors
/// As [`run_tests`].
pub(crate) fn test_all(cx: &Cx, filter: &str) -> Result<Tally> {
    let names = manifest::names(&cx.root().join("applications"))?;
    let (left_out, apps): (Vec<App>, Vec<App>) = read(cx, &names)?
        .into_iter()
        .partition(|app| app.manifest.on_request.is_some());
    let mut tally = test(cx, &apps, filter, How::default())?;
    for App { name, manifest, .. } in left_out {
        let why = manifest.on_request.unwrap_or_default();
        cx.say(format!(
            "SKIPPED apps/{name}: {why}; run it with `cargo xtask test-apps {name}`"
        ));
        tally.skipped += 1;
    }
    Ok(tally)
}

/// The tests of Lua alone.
///
/// # Errors
/// As [`run_tests`].
pub(crate) fn test_lua(cx: &Cx, filter: &str, how: How<'static>) -> Result<Tally> {
    test(cx, &read(cx, &["lua".to_owned()])?, filter, how)
}

fn test(cx: &Cx, apps: &[App], filter: &str, how: How<'static>) -> Result<Tally> {
    let mut tally = Tally::default();
    for app in apps {
        let native = build::build(cx, app, Flavour::Native)?;
        let wasm = build::build(cx, app, Flavour::Wasm)?;
        let mut cases = test::cases(cx, app, &native, &wasm, how)?;
        cases.extend(suite::cases(cx, app, &native, &wasm, how)?);
        tally += run_all(cx, &format!("apps/{}", app.name), filter, cases)?;
    }
    Ok(tally)
}

fn read(cx: &Cx, names: &[String]) -> Result<Vec<App>> {
    let folder = cx.root().join("applications");
    names.iter().map(|name| App::read(&folder, name)).collect()
}
