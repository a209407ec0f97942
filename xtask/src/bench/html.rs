//! The figures of a run as one self-contained page: a bar a case, readable on a phone and in print.

use std::fmt::Write as _;

use super::report::{Report, time};

const STYLE: &str = "\
body{font:16px/1.4 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}\
h2{margin:1.5rem 0 .3rem}.case{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr 9rem;\
gap:.5rem;align-items:center;margin:.2rem 0}.track{position:relative;background:#eee;height:1.1rem}\
.bar{height:100%;background:#4878a8}.bar.slow{background:#b5532a}\
.one{position:absolute;top:0;bottom:0;border-left:2px solid #222}.figure{font-size:.85rem}\
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
                    escape(&case.name),
                    100.0 / FULL_SCALE,
                    time(case.figures[i + 1].median_ns()),
                    time(case.figures[0].median_ns()),
                );
            }
        }
    }
    out.push_str("</body></html>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
