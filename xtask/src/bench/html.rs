//! The figures of a run as one self-contained page: a bar a case, readable on a phone and in print.

use std::fmt::Write as _;

use super::growth::Growth;
use super::measure::{Measured, Unit};
use super::report::{HOW, Report, Section, time};

const STYLE: &str = "\
:root{color-scheme:light}\
body{font:16px/1.45 system-ui,sans-serif;max-width:56rem;margin:auto;padding:1rem;color:#1a1a1a;\
background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.3rem;margin:2rem 0 .3rem;border-bottom:1px solid #bbb}\
h3{font-size:1rem;margin:1.2rem 0 .3rem}p{margin:.4rem 0}.about{color:#444;font-size:.9rem}\
.case{display:grid;grid-template-columns:11rem 1fr 8.5rem 11.5rem;gap:.1rem .6rem;align-items:center;\
margin:.25rem 0;break-inside:avoid}\
.track{display:block;position:relative;background:#ececec;height:1rem}\
.bar{display:block;height:100%;background:#4878a8}.bar.slow{background:#b5532a}\
.one{position:absolute;top:-2px;bottom:-2px;border-left:2px solid #111}\
.figure,.times{font-size:.85rem;font-variant-numeric:tabular-nums;white-space:nowrap}\
.times{text-align:right;color:#444}\
figure{margin:1rem 0;break-inside:avoid}svg{width:100%;max-width:34rem;display:block}\
@media(max-width:44rem){.case{grid-template-columns:1fr auto;margin:.5rem 0}\
.track{grid-column:1/3;grid-row:2}.figure{text-align:right}.times{grid-column:1/3;grid-row:3}}\
@media print{body{max-width:none;padding:0;font-size:10pt}h2,h3{break-after:avoid}\
.track{border:1px solid #999}.bar,.track{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

/// Ratios at and above this fill the track, where no suite is slower on the whole.
const FULL_SCALE: f64 = 4.0;
/// A bar above this is drawn in the colour of warning.
const SLOW: f64 = 2.0;

/// The page.
pub(super) fn page(report: &Report) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Benchmarks</title><style>{STYLE}</style></head><body>\n<h1>Benchmarks</h1>\n\
         <p>{}.</p>\n<p>{HOW}</p>\n<p>A bar shows the ratio; the black line is at 1, as fast as what it \
         is compared with; shorter is better. Bars above {SLOW} have another colour. A track ends at \
         {FULL_SCALE} where nothing else is said.</p>\n",
        escape(report.machine())
    );
    for section in &report.sections {
        bars(&mut out, section);
        let groups = section.growths();
        if !groups.is_empty() {
            out.push_str("<h3>Growth with size (both axes logarithmic)</h3>\n");
        }
        for group in &groups {
            out.push_str(&curves(group, &section.engines));
        }
    }
    out.push_str("</body></html>\n");
    out
}

/// The bars of a section, engine by engine and suite by suite.
fn bars(out: &mut String, section: &Section) {
    let (title, about) = (escape(&section.title), escape(&section.about));
    let _ = writeln!(out, "<h2>{title}</h2>\n<p class=\"about\">{about}.</p>");
    for (i, engine) in section.others().iter().enumerate() {
        for (suite, mean) in section.means(i + 1) {
            let cases = || section.cases.iter().filter(|case| case.suite == suite);
            let most = cases().map(|case| case.ratio(i + 1)).fold(1.0, f64::max);
            let (full, note) = if mean > FULL_SCALE {
                (most.ceil(), format!("; tracks end at {:.0}", most.ceil()))
            } else {
                (FULL_SCALE, String::new())
            };
            let _ = writeln!(
                out,
                "<h3>{}: {} against {}, geometric mean {mean:.2}{note}</h3>",
                escape(suite),
                escape(engine),
                escape(&section.engines[0])
            );
            for case in cases() {
                bar(out, case, i + 1, full);
            }
        }
    }
}

fn bar(out: &mut String, case: &Measured, i: usize, full: f64) {
    let ratio = case.ratio(i);
    let (low, high) = case.middle_ratios(i);
    let width = (ratio / full * 100.0).min(100.0);
    let slow = if ratio > SLOW { " slow" } else { "" };
    let _ = writeln!(
        out,
        "<div class=\"case\"><span>{}</span><span class=\"track\"><span class=\"bar{slow}\" \
         style=\"width:{width:.1}%\"></span><span class=\"one\" style=\"left:{:.1}%\"></span></span>\
         <span class=\"figure\"><b>{ratio:.2}</b> ({low:.2}–{high:.2})</span>\
         <span class=\"times\">{} / {}</span></div>",
        escape(&name(case)),
        100.0 / full,
        case.shown(i),
        case.shown(0),
    );
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

/// The size of a plot, in the units of its own coordinates; small, so that its text stays readable on a
/// phone.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 160.0;
/// Room for the labels left of it.
const LEFT: f64 = 66.0;

/// A plot of one group's costs, a curve an engine.
fn curves(group: &Growth, engines: &[String]) -> String {
    let sizes: Vec<f64> = group
        .cases
        .iter()
        .filter_map(|case| Some(case.size? as f64))
        .collect();
    let figures = group.cases.iter().flat_map(|case| &case.figures);
    let costs: Vec<f64> = figures.map(|of| of.least()).collect();
    let (x, y) = (Axis::of(&sizes), Axis::of(&costs));
    let mut out = format!(
        "<figure><figcaption>{}: {}</figcaption>\n<svg viewBox=\"-{LEFT} -12 {} {}\" role=\"img\" \
         font-size=\"12\"><path d=\"M0 0V{HEIGHT}H{WIDTH}\" fill=\"none\" stroke=\"#999\"/>",
        escape(&group.full_name()),
        escape(&group.sentence(engines)),
        LEFT + WIDTH + 20.0,
        HEIGHT + 36.0
    );
    for (i, _) in engines.iter().enumerate() {
        let points = group.cases.iter().zip(&sizes).map(|(case, size)| {
            let down = (1.0 - y.place(case.figures[i].least())) * HEIGHT;
            format!("{:.1},{down:.1}", x.place(*size) * WIDTH)
        });
        let _ = write!(
            out,
            "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"{}\"/>",
            COLOURS[i % COLOURS.len()],
            points.collect::<Vec<_>>().join(" ")
        );
    }
    for size in &sizes {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{size}</text>",
            x.place(*size) * WIDTH,
            HEIGHT + 16.0
        );
    }
    for (cost, down) in [(y.least, HEIGHT), (y.most, 8.0)] {
        let cost = match group.cases[0].unit {
            Unit::Nanoseconds => time(cost),
            Unit::Kibibytes => format!("{cost:.0} KiB"),
        };
        let _ = write!(
            out,
            "<text x=\"-6\" y=\"{down}\" text-anchor=\"end\">{cost}</text>"
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

/// A logarithmic axis.
struct Axis {
    least: f64,
    most: f64,
}

impl Axis {
    fn of(values: &[f64]) -> Axis {
        Axis {
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Where a value lies, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        (value / self.least).ln() / (self.most / self.least).ln().max(1e-9)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
