//! The figures of a run as one self-contained page: a bar a case, readable on a phone and in print.

use std::fmt::Write as _;

use super::growth::{self, Growth};
use super::measure::Measured;
use super::report::Report;

const STYLE: &str = "\
body{font:16px/1.4 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}\
h2{margin:1.5rem 0 .3rem}.case{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr 9rem;\
gap:.5rem;align-items:center;margin:.2rem 0}.track{position:relative;background:#eee;height:1.1rem}\
.bar{height:100%;background:#4878a8}.bar.slow{background:#b5532a}\
.one{position:absolute;top:0;bottom:0;border-left:2px solid #222}.figure{font-size:.85rem}figure{margin:1rem 0}svg{width:100%;max-width:40rem}\
@media print{.track{border:1px solid #888}.bar{print-color-adjust:exact}}";

/// Ratios at and above this fill the track.
const FULL_SCALE: f64 = 4.0;
/// A bar above this is drawn in the colour of warning.
const SLOW: f64 = 2.0;

/// The page.
pub(super) fn page(report: &Report) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Benchmarks</title>\
         <style>{STYLE}</style></head><body>\n<h1>Benchmarks</h1>\n<p>{}. Bars are times \
         relative to native (the black line); shorter is faster; the track ends at \
         {FULL_SCALE}.</p>\n",
        escape(&report.header())
    );
    for (i, engine) in report.others().iter().enumerate() {
        for (suite, mean) in report.means(i + 1) {
            let _ = writeln!(
                out,
                "<h2>{}: {} (geometric mean {mean:.2})</h2>",
                escape(engine),
                escape(suite)
            );
            for case in report.cases.iter().filter(|case| case.suite == suite) {
                let ratio = case.ratio(i + 1);
                let width = (ratio / FULL_SCALE * 100.0).min(100.0);
                let slow = if ratio > SLOW { " slow" } else { "" };
                let _ = writeln!(
                    out,
                    "<div class=\"case\"><span>{}</span><span class=\"track\"><div class=\"bar{slow}\" \
                     style=\"width:{width:.1}%\"></div><span class=\"one\" style=\"left:{:.1}%\">\
                     </span></span><span class=\"figure\">{ratio:.2} ({} / {})</span></div>",
                    escape(&name(case)),
                    100.0 / FULL_SCALE,
                    case.shown(i + 1),
                    case.shown(0),
                );
            }
        }
    }
    let groups = growth::groups(&report.cases);
    if !groups.is_empty() {
        out.push_str("<h2>Growth with size (both axes logarithmic)</h2>\n");
    }
    for group in &groups {
        out.push_str(&curves(group, report.engines()));
    }
    out.push_str("</body></html>\n");
    out
}

/// The name of a case within its suite.
fn name(case: &Measured) -> String {
    match case.size {
        Some(size) => format!("{}@{size}", case.name),
        None => case.name.clone(),
    }
}

/// The colours of the engines' curves, native's first.
const COLOURS: [&str; 5] = ["#222", "#4878a8", "#b5532a", "#5a8f3c", "#8a5a9e"];

/// The size of a plot, in the units of its own coordinates.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 220.0;

/// A plot of one group's costs, a curve an engine.
fn curves(group: &Growth, engines: &[String]) -> String {
    let logs = |values: &mut dyn Iterator<Item = f64>| {
        values.fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(least, most), value| (least.min(value.ln()), most.max(value.ln())),
        )
    };
    let sizes = || {
        group
            .cases
            .iter()
            .filter_map(|case| Some(case.size? as f64))
    };
    let costs = || {
        group
            .cases
            .iter()
            .flat_map(|case| case.figures.iter().map(|of| of.median()))
    };
    let (x, y) = (logs(&mut sizes()), logs(&mut costs()));
    let place =
        |value: f64, (least, most): (f64, f64)| (value.ln() - least) / (most - least).max(1e-9);
    let mut out = format!(
        "<figure><figcaption>{}/{}: {}</figcaption>\n<svg viewBox=\"-10 -10 {} {}\">",
        escape(group.suite),
        escape(group.name),
        escape(&group.sentence(engines)),
        WIDTH + 20.0,
        HEIGHT + 40.0
    );
    for (i, _) in engines.iter().enumerate() {
        let points: Vec<String> = group
            .cases
            .iter()
            .zip(sizes())
            .map(|(case, size)| {
                let across = place(size, x) * WIDTH;
                let down = (1.0 - place(case.figures[i].median(), y)) * HEIGHT;
                format!("{across:.1},{down:.1}")
            })
            .collect();
        let colour = COLOURS[i % COLOURS.len()];
        let _ = write!(
            out,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
            points.join(" ")
        );
    }
    for size in sizes() {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" font-size=\"14\" text-anchor=\"middle\">{size}</text>",
            place(size, x) * WIDTH,
            HEIGHT + 22.0
        );
    }
    out.push_str("</svg>\n<p>");
    for (i, engine) in engines.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let _ = write!(out, "<b style=\"color:{colour}\">— {}</b> ", escape(engine));
    }
    out.push_str("</p></figure>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
