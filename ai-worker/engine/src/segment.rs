//! Cuts a note into segments: "Segments" in `docs/extraction.md`, rule by rule, as `training/segment.py`
//! does.

use crate::note::Mapped;

const MAX_SEGMENT: usize = 200;
const MIN_BEFORE_CUT: usize = 60;
const MIN_JOINED: usize = 60;
const MAX_HEADING: usize = 40;
const MAX_LEAD: usize = 60;
const MAX_OPENING: usize = 40;

/// A piece of a note that the model reads at once, and its surroundings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub heading: String,
    pub lead: String,
    /// The first words of the segment's sentence, if the segment does not begin it.
    pub opening: String,
    /// The text, white space folded.
    pub text: Vec<Mapped>,
}

impl Segment {
    /// The text itself.
    #[must_use]
    pub fn string(&self) -> String {
        string(&self.text)
    }
}

/// All segments of a note, in order. Total: any sequence of characters has segments.
#[must_use]
pub fn segments(note: &[Mapped]) -> Vec<Segment> {
    let mut state = State::default();
    for line in note.split(|c| c.ch == '\n') {
        state.line(line);
    }
    state.close();
    state.found
}

#[derive(Default)]
struct State {
    found: Vec<Segment>,
    heading: String,
    lead: String,
    paragraph: Vec<Mapped>,
    /// Characters of the line before in this paragraph; 0 if nothing may be joined to it.
    last: usize,
}

impl State {
    fn line(&mut self, raw: &[Mapped]) {
        let line: Vec<Mapped> = raw.iter().filter(|c| c.ch != '\r').copied().collect();
        let line = trim(&line);
        let text = string(line);
        if line.is_empty() {
            self.close();
        } else if let Some(marker) = bullet(line) {
            self.close();
            self.paragraph = line[marker..].to_vec();
            self.last = line.len();
        } else if is_heading(&text, line.len()) {
            self.close();
            self.heading = if text.starts_with('#') {
                text.trim_start_matches('#').trim().to_owned()
            } else {
                text.strip_suffix(':').unwrap_or(&text).to_owned()
            };
            self.lead.clear();
        } else if text.ends_with(':') && line.len() <= MAX_LEAD {
            self.close();
            self.lead = text[..text.len() - 1].to_owned();
        } else {
            if self.last >= MIN_JOINED {
                self.paragraph.push(Mapped { ch: ' ', ..line[0] });
                self.paragraph.extend_from_slice(line);
            } else {
                self.close();
                self.paragraph = line.to_vec();
            }
            self.last = line.len();
        }
    }

    /// Ends the paragraph.
    fn close(&mut self) {
        self.last = 0;
        let text = fold(&std::mem::take(&mut self.paragraph));
        let mut sentences = vec![0];
        sentences.extend(
            (2..=text.len())
                .filter(|&at| matches!(text[at - 2].ch, '.' | '!' | '?') && text[at - 1].ch == ' '),
        );
        let mut begin = 0;
        while begin < text.len() {
            let sentence_end = sentences.iter().find(|&&at| at > begin).copied().unwrap_or(text.len());
            let end = begin + cut_point(&text[begin..sentence_end]);
            let piece = trim(&text[begin..end]);
            let first = begin + text[begin..end].iter().take_while(|c| c.ch == ' ').count();
            if has_letters(piece) {
                let sentence = sentences.iter().rev().find(|&&at| at <= first).copied().unwrap_or(0);
                let opening = if sentence == first { String::new() } else { first_words(&text[sentence..]) };
                self.found.push(Segment {
                    heading: self.heading.clone(),
                    lead: self.lead.clone(),
                    opening,
                    text: piece.to_vec(),
                });
            }
            begin = end;
        }
    }
}

fn string(chars: &[Mapped]) -> String {
    chars.iter().map(|c| c.ch).collect()
}

/// Without white space at both ends.
fn trim(chars: &[Mapped]) -> &[Mapped] {
    let start = chars.iter().take_while(|c| c.ch.is_whitespace()).count();
    let end = chars.iter().rev().take_while(|c| c.ch.is_whitespace()).count();
    chars.get(start..chars.len().saturating_sub(end)).unwrap_or_default()
}

/// Length of the marker that a bullet line starts with. The line is trimmed, so something follows the marker.
fn bullet(line: &[Mapped]) -> Option<usize> {
    let digits = line.iter().take_while(|c| c.ch.is_ascii_digit()).count();
    let mark = line.get(digits)?.ch;
    let marked = if digits == 0 { matches!(mark, '-' | '*' | '\u{2022}') } else { matches!(mark, '.' | ')') };
    (marked && line.get(digits + 1)?.ch == ' ').then_some(digits + 2)
}

fn is_heading(text: &str, length: usize) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    text.starts_with('#')
        || (length <= MAX_HEADING && letters >= 4 && !text.bytes().any(|b| b.is_ascii_lowercase()))
}

/// Runs of white space become one space; none at the ends.
fn fold(chars: &[Mapped]) -> Vec<Mapped> {
    let mut folded: Vec<Mapped> = Vec::with_capacity(chars.len());
    for c in chars {
        if !c.ch.is_whitespace() {
            folded.push(*c);
        } else if folded.last().is_some_and(|last| last.ch != ' ') {
            folded.push(Mapped { ch: ' ', ..*c });
        }
    }
    if folded.last().is_some_and(|last| last.ch == ' ') {
        folded.pop();
    }
    folded
}

/// How many characters the next segment takes.
fn cut_point(text: &[Mapped]) -> usize {
    if text.len() <= MAX_SEGMENT {
        return text.len();
    }
    let is = |at: usize, set: &str| set.contains(text[at].ch);
    let ranks: [&dyn Fn(usize) -> bool; 4] = [
        &|end| is(end - 2, ".;!?") && is(end - 1, " "),
        &|end| is(end - 3, ")]") && is(end - 2, ",") && is(end - 1, " "),
        &|end| is(end - 2, ",") && is(end - 1, " "),
        &|end| is(end - 1, " "),
    ];
    let points = || (MIN_BEFORE_CUT..=MAX_SEGMENT).rev();
    ranks.iter().find_map(|rank| points().find(|&end| rank(end))).unwrap_or(MAX_SEGMENT)
}

/// Whether there is an ASCII letter outside placeholders.
fn has_letters(piece: &[Mapped]) -> bool {
    let mut at = 0;
    while at < piece.len() {
        if let Some(length) = placeholder(&piece[at..]) {
            at += length;
        } else if piece[at].ch.is_ascii_alphabetic() {
            return true;
        } else {
            at += 1;
        }
    }
    false
}

/// Length of the placeholder that the text starts with.
pub(super) fn placeholder(text: &[Mapped]) -> Option<usize> {
    let capitals = text.iter().skip(1).take_while(|c| c.ch.is_ascii_uppercase()).count();
    let closed = text.first()?.ch == '[' && capitals > 0 && text.get(capitals + 1)?.ch == ']';
    closed.then_some(capitals + 2)
}

/// As many whole words as fit in [`MAX_OPENING`] characters.
pub(super) fn first_words(sentence: &[Mapped]) -> String {
    let mut end = 0;
    let mut at = 0;
    for word in sentence.split(|c| c.ch == ' ') {
        at += word.len();
        if at > MAX_OPENING {
            break;
        }
        end = at;
        at += 1;
    }
    string(&sentence[..end])
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text without identifiers, each character its own origin.
    pub fn plain(text: &str) -> Vec<Mapped> {
        (0..).zip(text.chars()).map(|(at, ch)| Mapped { ch, start: at, end: at + 1 }).collect()
    }

    #[test]
    fn agrees_with_the_training_side() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../training/vectors.json");
        let vectors: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).expect("vectors.json")).expect("JSON");
        let rows = vectors["segments"].as_array().expect("segments");
        assert!(rows.len() > 30);
        for row in rows {
            let text = row["text"].as_str().expect("text");
            let ours: Vec<serde_json::Value> = segments(&plain(text))
                .iter()
                .map(|s| serde_json::json!({"heading": s.heading, "lead": s.lead, "opening": s.opening, "text": s.string()}))
                .collect();
            assert_eq!(&serde_json::Value::from(ours), &row["segments"], "{text:?}");
        }
    }

    /// Characters that matter to the rules, and any others.
    pub fn notes() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => "[a-zA-Z]{1,12}",
            4 => Just(" ".to_owned()),
            2 => prop::sample::select(vec![
                "\n", "\n\n", "- ", "* ", "# ", "1. ", ":", ": ", "; ", ", ", "), ", ". ", "! ", "[NAME]", "\r\n", "\t",
                "\"", "\\", "PLAN\n", "(", ")", "/", "\u{7}", "é", "糖",
            ])
            .prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn is_total_and_loses_no_word(note in notes()) {
            let mapped = plain(&note);
            let found = segments(&mapped);
            for segment in &found {
                prop_assert!(!segment.text.is_empty() && segment.text.len() <= MAX_SEGMENT);
                prop_assert!(segment.opening.chars().count() <= MAX_OPENING);
                for pair in segment.text.windows(2) {
                    prop_assert!(pair[0].start <= pair[1].start);
                }
                for c in &segment.text {
                    prop_assert!(c.ch == ' ' || mapped[c.start as usize].ch == c.ch);
                }
            }
            // Letters of the note are in a segment, or in a heading, lead or placeholder.
            let covered: std::collections::HashSet<u32> =
                found.iter().flat_map(|s| s.text.iter().map(|c| c.start)).collect();
            let known: String = found.iter().map(|s| format!("{}\n{}\n", s.heading, s.lead)).collect();
            for line in mapped.split(|c| c.ch == '\n') {
                let text: String = line.iter().map(|c| c.ch).filter(|c| *c != '\r').collect();
                let text = text.trim();
                let marked = bullet(&plain(text)).is_some();
                let head = !marked && (is_heading(text, text.chars().count()) || text.ends_with(':'));
                if !head && has_letters(&plain(text)) && !text.contains('[') {
                    let letters = line.iter().filter(|c| c.ch.is_ascii_alphabetic());
                    for c in letters {
                        prop_assert!(covered.contains(&c.start), "{text:?} is not covered; {known:?}");
                    }
                }
            }
        }
    }
}
