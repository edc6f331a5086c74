//! Measures extraction against structured resources: the model with grammar and grounding, the model alone,
//! and a baseline of rules, so that nobody takes one for another.

pub mod rules;
pub mod score;
pub mod truth;

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::facts::{Stated, parse};
use crate::grounding::ground;
use crate::reading::{Key, Reading};
use crate::segment::Segment;
use crate::{Answer, Engine, EngineError, Field, Status};
use score::{Score, Tallies};
use truth::{Case, FIELDS, Names, TruthError, fold};

/// How to measure.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Measure only every note up to this many.
    pub limit: Option<usize>,
    /// Write what was missed or wrong to this file, as JSON lines. They hold text of the notes.
    pub errors: Option<PathBuf>,
    /// Report progress on stderr.
    pub progress: bool,
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The model under the grammar, checked against the note: what the worker does.
    pub grounded: Score,
    /// The model alone, decoding freely.
    pub model: Score,
    /// The rules, without any model.
    pub rules: Score,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    #[error(transparent)]
    Truth(#[from] TruthError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the errors cannot be written: {0}")]
    Errors(std::io::ErrorKind),
}

/// Measures on a folder of FHIR resources. Blocks the calling thread, for minutes on a large folder.
///
/// # Errors
/// [`EvaluateError`], when the folder is malformed, the engine fails or the errors cannot be written.
pub fn run(folder: &Path, engine: &Engine, options: &Options) -> Result<Report, EvaluateError> {
    let mut cases = truth::read(folder)?;
    cases.truncate(options.limit.unwrap_or(usize::MAX));
    let readings: Vec<Reading> = cases.iter().map(|case| Reading::new(&case.note)).collect();

    // Equal segments have equal answers, so each is decoded once.
    let mut keys: BTreeMap<Key, &Segment> = BTreeMap::new();
    for segment in readings.iter().flat_map(|reading| &reading.segments) {
        keys.entry(Key::of(segment)).or_insert(segment);
    }
    let (mut grounded, mut free) = (HashMap::new(), HashMap::new());
    let mut told = Instant::now();
    for (done, (key, segment)) in keys.iter().enumerate() {
        let ask = |segment: &Segment| futures::executor::block_on(engine.answer(segment, false));
        grounded.extend(Reading::answers(&[(*segment).clone()], ask)?);
        free.insert(key.clone(), futures::executor::block_on(engine.answer(segment, true))?);
        if options.progress && told.elapsed() > Duration::from_secs(2) {
            eprintln!("{} of {} segments in {} notes", done + 1, keys.len(), cases.len());
            told = Instant::now();
        }
    }

    let mut tallies = [Tallies::default(); 3];
    let mut errors = Errors::default();
    for (case, reading) in cases.iter().zip(&readings) {
        let summary = reading.summary(&grounded);
        let stated = FIELDS.iter().flat_map(|field| {
            summary.field(*field).iter().map(|fact| (*field, fact.status, fact.quote.as_str()))
        });
        let predicted = names(stated);
        tallies[0].add(&predicted, &case.truth);
        tallies[0].unsupported += u64::from(summary.counts.unsupported);
        errors.add(case, reading, &predicted, &grounded);

        let alone: Vec<(&Segment, Vec<Stated>)> = reading
            .segments
            .iter()
            .map(|s| (s, free.get(&Key::of(s)).map_or(vec![], |a| parse(&a.text).0)))
            .collect();
        let stated = alone.iter().flat_map(|(_, facts)| facts).map(|f| (f.field, f.status, f.quote.as_str()));
        tallies[1].add(&names(stated), &case.truth);
        tallies[1].unsupported +=
            alone.iter().map(|(segment, facts)| u64::from(ground(segment, facts).1)).sum::<u64>();

        let found = rules::extract(case.note.text());
        tallies[2].add(&names(found.iter().map(|f| (f.field, f.status, f.quote.as_str()))), &case.truth);
        let text = fold(case.note.text());
        tallies[2].unsupported += found.iter().filter(|f| !text.contains(&fold(&f.quote))).count() as u64;
    }
    if let Some(path) = &options.errors {
        errors.write(path).map_err(|error| EvaluateError::Errors(error.kind()))?;
    }
    let [grounded, model, rules] = tallies.map(|tallies| tallies.score());
    Ok(Report { grounded, model, rules })
}

impl Report {
    /// The report in one line of JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The report as a table.
    #[must_use]
    pub fn text(&self) -> String {
        let mut table = format!("{:<24}{:>10}{:>8}{:>8}\n", "", "precision", "recall", "F1");
        for (name, score) in
            [("grounded model", &self.grounded), ("model alone", &self.model), ("rules", &self.rules)]
        {
            table.push_str(&format!("{name} ({} unsupported)\n", score.unsupported));
            for (row, rates) in [
                ("micro", score.micro),
                ("macro", score.mean),
                ("problems", score.fields.problems),
                ("medications", score.fields.medications),
                ("procedures", score.fields.procedures),
                ("allergies", score.fields.allergies),
            ] {
                let score::Rates { precision, recall, f1 } = rates;
                table.push_str(&format!("  {row:<22}{precision:>10.4}{recall:>8.4}{f1:>8.4}\n"));
            }
        }
        table
    }
}

/// Folded names by field, of what the patient has, had or is to get.
fn names<'a>(facts: impl Iterator<Item = (Field, Status, &'a str)>) -> Names {
    let mut names = Names::default();
    for (field, status, quote) in facts {
        let counts = matches!(status, Status::Present | Status::Past | Status::Planned);
        if let Some(at) = FIELDS.iter().position(|known| *known == field).filter(|_| counts) {
            names[at].insert(fold(quote));
        }
    }
    names
}

/// What went wrong, how often, and a place where it did.
#[derive(Default)]
struct Errors(BTreeMap<(&'static str, &'static str, String), (u64, Vec<String>)>);

/// Examples that are kept for each error.
const EXAMPLES: usize = 3;

impl Errors {
    fn add(&mut self, case: &Case, reading: &Reading, predicted: &Names, answers: &HashMap<Key, Answer>) {
        for (at, field) in FIELDS.iter().enumerate() {
            let missed = case.truth[at].difference(&predicted[at]).map(|name| ("missed", name));
            let wrong = predicted[at].difference(&case.truth[at]).map(|name| ("wrong", name));
            for (kind, name) in missed.chain(wrong) {
                let (count, examples) = self.0.entry((kind, field.name(), name.clone())).or_default();
                *count += 1;
                for segment in reading.segments.iter().filter(|s| fold(&s.string()).contains(name.as_str())) {
                    let Segment { heading, lead, opening, .. } = segment;
                    let answer = answers.get(&Key::of(segment)).map_or("", |answer| answer.text.as_str());
                    let example = serde_json::json!({
                        "heading": heading, "lead": lead, "opening": opening, "text": segment.string(), "answer": answer
                    })
                    .to_string();
                    if examples.len() < EXAMPLES && !examples.contains(&example) {
                        examples.push(example);
                    }
                }
            }
        }
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut rows: Vec<_> = self.0.iter().collect();
        rows.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        for ((kind, field, name), (count, examples)) in rows {
            let name = serde_json::Value::from(name.as_str());
            let examples = examples.join(",");
            writeln!(
                file,
                r#"{{"count":{count},"kind":"{kind}","field":"{field}","name":{name},"examples":[{examples}]}}"#
            )?;
        }
        file.flush()
    }
}
