//! How the cost of a case grows with its size: the exponent of the power law that fits best.

use super::measure::Measured;

/// The cases of one program, the smallest first, and how their costs grow.
pub(super) struct Growth<'a> {
    /// The program's suite.
    pub(super) suite: &'a str,
    /// The program's name in the suite.
    pub(super) name: &'a str,
    /// What was measured for each size.
    pub(super) cases: Vec<&'a Measured>,
}

/// A cost above this power of the size is more than linear.
const LINEAR: f64 = 1.1;

impl Growth<'_> {
    /// `suite/name`.
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    /// The exponent for engine `i`: 0 is a cost that does not depend on the size, 1 a linear one.
    pub(super) fn exponent(&self, i: usize) -> f64 {
        let points: Vec<(f64, f64)> = self
            .cases
            .iter()
            .filter_map(|case| Some(((case.size? as f64).ln(), case.figures[i].least().ln())))
            .collect();
        let n = points.len() as f64;
        let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / n;
        let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
        let covariance: f64 = points
            .iter()
            .map(|(x, y)| (x - mean_x) * (y - mean_y))
            .sum();
        let variance: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        covariance / variance
    }

    /// The exponents of all engines in words, native first.
    pub(super) fn sentence(&self, engines: &[String]) -> String {
        let exponents: Vec<String> = engines
            .iter()
            .enumerate()
            .map(|(i, engine)| {
                let exponent = self.exponent(i);
                let warning = if exponent > LINEAR {
                    ", above linear"
                } else {
                    ""
                };
                format!("{engine} {exponent:.2}{warning}")
            })
            .collect();
        exponents.join("; ")
    }
}

/// The groups of cases that differ in their size only.
pub(super) fn groups(cases: &[Measured]) -> Vec<Growth<'_>> {
    let mut groups: Vec<Growth> = Vec::new();
    for case in cases.iter().filter(|case| case.size.is_some()) {
        match groups.last_mut() {
            Some(group) if group.suite == case.suite && group.name == case.name => {
                group.cases.push(case);
            }
            _ => groups.push(Growth {
                suite: &case.suite,
                name: &case.name,
                cases: vec![case],
            }),
        }
    }
    groups.retain(|group| group.cases.len() > 1);
    groups
}

#[cfg(test)]
mod tests {
    use super::super::measure::{Figures, Unit};
    use super::*;

    fn case(size: u64, cost: f64) -> Measured {
        Measured {
            suite: "scale".to_owned(),
            name: "a".to_owned(),
            size: Some(size),
            unit: Unit::Nanoseconds,
            figures: vec![Figures {
                engine: "native".to_owned(),
                runs: vec![cost],
            }],
        }
    }

    #[test]
    fn the_exponent_is_that_of_the_power_law() {
        let square = [case(1, 3.0), case(10, 300.0), case(100, 30_000.0)];
        let groups = groups(&square);
        assert_eq!(groups.len(), 1);
        assert!((groups[0].exponent(0) - 2.0).abs() < 1e-9);
        let text = groups[0].sentence(&["native".to_owned()]);
        assert_eq!(text, "native 2.00, above linear");
    }

    #[test]
    fn one_size_is_no_growth() {
        assert!(groups(&[case(1, 3.0)]).is_empty());
    }
}
