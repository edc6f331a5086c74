//! The grammar of an answer, built for each segment out of the segment's own words, and applied to the logits
//! by us.
//!
//! llama.cpp's GBNF would need a rule for every pair of word and predecessor to keep quotes in order; here
//! the same constraint is a small automaton over bytes. Its state is a set of positions in the segment, and
//! the tokens that may follow are found by walking the vocabulary's trie along the automaton: linear in the
//! segment, and exact for any vocabulary, as pieces are matched byte by byte.

use std::sync::LazyLock;

use crate::facts::{Field, Status};
use crate::segment::{Segment, placeholder};

/// What the answer may say about one segment.
pub struct Grammar {
    /// The segment as it stands in a JSON string.
    bytes: Vec<u8>,
    /// Whether a quote may begin before byte `i`.
    starts: Vec<bool>,
    /// Whether a quote may end before byte `i`.
    ends: Vec<bool>,
    /// Whether byte `i` may be part of a quote and an end can still be reached after it.
    open: Vec<bool>,
    /// The last position at which a quote may begin.
    last_start: Option<usize>,
}

/// How far an answer has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    place: Place,
    /// Quotes begin here or later.
    from: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Within the fixed parts: which alternatives of the table are alive, and how much of them is written.
    Fixed {
        table: Table,
        alive: u32,
        at: usize,
    },
    /// Within a quote: where its next byte may stand. Nothing is written yet when `fresh`.
    Quote {
        positions: Vec<usize>,
        fresh: bool,
    },
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Opening,
    Closing,
}

/// The fixed parts: first the 25 openings of a fact, last the end of the answer.
struct Fixed {
    opening: Vec<Vec<u8>>,
    closing: Vec<Vec<u8>>,
}

const END: usize = 25;

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let table = |before: &str, end: &str| {
        let mut rows = Vec::with_capacity(END + 1);
        for field in Field::ALL {
            for status in Status::ALL {
                let (field, status) = (field.name(), status.name());
                rows.push(
                    format!(r#"{before}{{"field":"{field}","status":"{status}","quote":""#).into_bytes(),
                );
            }
        }
        rows.push(end.as_bytes().to_vec());
        rows
    };
    Fixed { opening: table("[", "[]"), closing: table("},", "}]") }
});

impl Grammar {
    /// The grammar of a segment, whose text the model reads in ASCII lower case if `lower`.
    #[must_use]
    pub fn new(segment: &Segment, lower: bool) -> Self {
        let chars: Vec<char> = segment.text.iter().map(|c| c.ch).collect();
        let mut hidden = vec![false; chars.len()];
        let mut at = 0;
        while at < chars.len() {
            let length = placeholder(&segment.text[at..]);
            if let Some(length) = length {
                hidden[at..at + length].fill(true);
            }
            at += length.unwrap_or(1);
        }

        let mut grammar =
            Self { bytes: vec![], starts: vec![], ends: vec![], open: vec![], last_start: None };
        let mut blocked = Vec::new();
        for (at, &c) in chars.iter().enumerate() {
            let escaped = escape(if lower { c.to_ascii_lowercase() } else { c });
            grammar.starts.push(may_start(&chars, at) && !hidden[at]);
            grammar.ends.push(may_end(&chars, at));
            grammar.starts.extend(std::iter::repeat_n(false, escaped.len() - 1));
            grammar.ends.extend(std::iter::repeat_n(false, escaped.len() - 1));
            blocked.extend(std::iter::repeat_n(hidden[at], escaped.len()));
            grammar.bytes.extend(escaped);
        }
        grammar.starts.push(false);
        grammar.ends.push(may_end(&chars, chars.len()));

        // From the back: an end lies ahead of byte i and no placeholder before it.
        let mut reachable = grammar.ends[grammar.bytes.len()];
        grammar.open = vec![false; grammar.bytes.len()];
        for at in (0..grammar.bytes.len()).rev() {
            grammar.open[at] = reachable && !blocked[at];
            reachable = grammar.open[at] || grammar.ends[at];
        }
        for at in 0..grammar.bytes.len() {
            grammar.starts[at] &= grammar.open[at];
            if grammar.starts[at] {
                grammar.last_start = Some(at);
            }
        }
        grammar
    }

    /// The beginning of an answer.
    #[must_use]
    pub fn start(&self) -> State {
        State { place: self.fixed(Table::Opening, 0), from: 0 }
    }

    /// The state after one more byte, or `None` where the grammar does not allow it.
    #[must_use]
    pub fn step(&self, state: &State, byte: u8) -> Option<State> {
        let place = match &state.place {
            Place::Done => return None,
            Place::Fixed { table, alive, at } => {
                let rows = table.rows();
                let mut left = 0u32;
                let mut complete = None;
                for (index, row) in rows.iter().enumerate().filter(|(index, _)| alive & (1 << index) != 0) {
                    if row.get(*at) == Some(&byte) {
                        left |= 1 << index;
                        // No row is the beginning of another, so a complete row is the only one left.
                        complete = (row.len() == at + 1).then_some(index);
                    }
                }
                match complete {
                    _ if left == 0 => return None,
                    Some(END) => Place::Done,
                    Some(_) => {
                        let positions =
                            (state.from..self.bytes.len()).filter(|&at| self.starts[at]).collect();
                        Place::Quote { positions, fresh: true }
                    }
                    None => Place::Fixed { table: *table, alive: left, at: at + 1 },
                }
            }
            Place::Quote { positions, fresh } => {
                // A quotation mark of the text stands behind a backslash, and no position lies between the
                // two unless all do: the bytes behind them are the same.
                let escaped = positions.iter().any(|&at| self.bytes.get(at) == Some(&b'"'));
                if byte == b'"' && !escaped {
                    // The earliest end leaves most for what follows.
                    let end = positions.iter().copied().find(|&at| !fresh && self.ends[at])?;
                    return Some(State { place: self.fixed(Table::Closing, end), from: end });
                }
                let positions: Vec<usize> = positions
                    .iter()
                    .filter(|&&at| self.bytes.get(at) == Some(&byte) && self.open[at])
                    .map(|at| at + 1)
                    .collect();
                if positions.is_empty() {
                    return None;
                }
                Place::Quote { positions, fresh: false }
            }
        };
        Some(State { place, from: state.from })
    }

    fn fixed(&self, table: Table, from: usize) -> Place {
        let more = self.last_start.is_some_and(|last| last >= from);
        Place::Fixed { table, alive: if more { (1 << (END + 1)) - 1 } else { 1 << END }, at: 0 }
    }
}

impl State {
    /// Whether the answer is complete.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.place == Place::Done
    }
}

impl Table {
    fn rows(self) -> &'static [Vec<u8>] {
        match self {
            Self::Opening => &FIXED.opening,
            Self::Closing => &FIXED.closing,
        }
    }
}

/// A character as JSON writes it in a string.
pub(super) fn escape(c: char) -> Vec<u8> {
    match c {
        '"' => b"\\\"".to_vec(),
        '\\' => b"\\\\".to_vec(),
        c if c < ' ' => format!("\\u{:04x}", c as u32).into_bytes(),
        c => c.to_string().into_bytes(),
    }
}

/// Whether the character at `at` separates words, other than a space does. A point or comma within a number
/// does not: "5 mg" is not what "0.5 mg" says.
fn separates(chars: &[char], at: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    match chars[at] {
        ';' => true,
        '.' => !digit(Some(at + 1)),
        ',' | ':' => !(digit(at.checked_sub(1)) && digit(Some(at + 1))),
        _ => false,
    }
}

/// Whether `at` is a word boundary.
fn is_boundary(chars: &[char], at: usize) -> bool {
    let parts = |at: usize| chars[at] == ' ' || separates(chars, at);
    at == 0 || at == chars.len() || parts(at) || parts(at - 1)
}

/// Whether a quote may begin before character `at`: at a word with a letter or digit in it.
pub(super) fn may_start(chars: &[char], at: usize) -> bool {
    if at >= chars.len() || !is_boundary(chars, at) || chars[at] == ' ' || separates(chars, at) {
        return false;
    }
    let end = (at + 1..=chars.len()).find(|&end| is_boundary(chars, end)).unwrap_or(chars.len());
    chars[at..end].iter().any(|c| c.is_alphanumeric())
}

/// Whether a quote may end before character `at`.
pub(super) fn may_end(chars: &[char], at: usize) -> bool {
    at > 0
        && is_boundary(chars, at)
        && chars[at - 1] != ' '
        && (chars[at - 1] == '.' || !separates(chars, at - 1))
}
