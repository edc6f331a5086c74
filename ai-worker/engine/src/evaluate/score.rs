//! Precision, recall and F1 over sets of folded names.

use serde::Serialize;

use super::truth::Names;

/// Hits, predictions and truths of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub hits: u64,
    pub predicted: u64,
    pub truth: u64,
}

/// Rates between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Rates by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Fields {
    pub problems: Rates,
    pub medications: Rates,
    pub procedures: Rates,
    pub allergies: Rates,
}

/// How well one way of extracting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Over all facts.
    pub micro: Rates,
    /// The mean of the fields that occur in truth or predictions.
    #[serde(rename = "macro")]
    pub mean: Rates,
    pub fields: Fields,
    /// Stated facts whose quote the note does not hold.
    pub unsupported: u64,
}

impl Tally {
    fn rates(self) -> Rates {
        // Nothing to find and nothing found is right.
        let rate = |of: u64| {
            if of == 0 {
                f64::from(u8::from(self.hits == 0 && self.truth == 0))
            } else {
                self.hits as f64 / of as f64
            }
        };
        let (precision, recall) =
            (rate(self.predicted), if self.truth == 0 { 1.0 } else { rate(self.truth) });
        let sum = precision + recall;
        Rates { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// Tallies over notes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tallies {
    fields: [Tally; 4],
    pub unsupported: u64,
}

impl Tallies {
    /// Adds a note.
    pub fn add(&mut self, predicted: &Names, truth: &Names) {
        for (tally, (predicted, truth)) in self.fields.iter_mut().zip(predicted.iter().zip(truth)) {
            tally.hits += predicted.intersection(truth).count() as u64;
            tally.predicted += predicted.len() as u64;
            tally.truth += truth.len() as u64;
        }
    }

    /// The score so far.
    #[must_use]
    pub fn score(&self) -> Score {
        let mut all = Tally::default();
        for tally in &self.fields {
            all.hits += tally.hits;
            all.predicted += tally.predicted;
            all.truth += tally.truth;
        }
        let occurring: Vec<Rates> = self
            .fields
            .iter()
            .filter(|tally| tally.predicted + tally.truth > 0)
            .map(|tally| tally.rates())
            .collect();
        let mean =
            |part: fn(&Rates) -> f64| occurring.iter().map(part).sum::<f64>() / occurring.len().max(1) as f64;
        let [problems, medications, procedures, allergies] = self.fields.map(Tally::rates);
        Score {
            micro: all.rates(),
            mean: Rates { precision: mean(|r| r.precision), recall: mean(|r| r.recall), f1: mean(|r| r.f1) },
            fields: Fields { problems, medications, procedures, allergies },
            unsupported: self.unsupported,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: [&[&str]; 4]) -> Names {
        list.map(|names| names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn rates_are_as_defined() {
        let mut tallies = Tallies::default();
        tallies.add(&names([&["a", "b"], &["m"], &[], &[]]), &names([&["a", "c"], &["m"], &["p"], &[]]));
        let score = tallies.score();
        assert_eq!(score.fields.problems, Rates { precision: 0.5, recall: 0.5, f1: 0.5 });
        assert_eq!(score.fields.medications, Rates { precision: 1.0, recall: 1.0, f1: 1.0 });
        assert_eq!(score.fields.procedures, Rates { precision: 0.0, recall: 0.0, f1: 0.0 });
        assert_eq!((score.micro.precision, score.micro.recall), (2.0 / 3.0, 0.5));
        assert_eq!((score.mean.precision, score.mean.recall, score.mean.f1), (0.5, 0.5, 0.5));
        let json = serde_json::to_string(&score).expect("JSON");
        assert!(json.starts_with(r#"{"micro":{"precision":"#) && json.contains(r#""macro":{"#), "{json}");
    }
}
