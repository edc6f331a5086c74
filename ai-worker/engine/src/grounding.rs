//! Checks what a model states against the segment it read.

use crate::facts::{Field, Stated, Status};
use crate::grammar::{may_end, may_start};
use crate::segment::{Segment, placeholder};

/// A fact that the note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounded {
    pub field: Field,
    pub status: Status,
    /// In the note's own spelling, white space folded.
    pub quote: String,
    /// Half-open range of character offsets in the original document.
    pub start: u32,
    pub end: u32,
}

/// The facts whose quotes occur in the segment, and how many do not.
#[must_use]
pub fn ground(segment: &Segment, facts: &[Stated]) -> (Vec<Grounded>, u32) {
    let text = Text::new(segment);
    let mut grounded = Vec::with_capacity(facts.len());
    let mut unsupported = 0;
    let mut from = 0;
    for fact in facts {
        let quote = folded(&fact.quote);
        // Facts come in the order of the text: of several occurrences the next one is meant.
        let Some(start) = text.find(&quote, from).or_else(|| text.find(&quote, 0)) else {
            unsupported += 1;
            continue;
        };
        let end = start + quote.len();
        from = end;
        let span = &segment.text[start..end];
        grounded.push(Grounded {
            field: fact.field,
            status: fact.status,
            quote: span.iter().map(|c| c.ch).collect(),
            start: span.first().map_or(0, |c| c.start),
            end: span.last().map_or(0, |c| c.end),
        });
    }
    (grounded, unsupported)
}

struct Text {
    chars: Vec<char>,
    folded: Vec<char>,
    hidden: Vec<bool>,
}

impl Text {
    fn new(segment: &Segment) -> Self {
        let chars: Vec<char> = segment.text.iter().map(|c| c.ch).collect();
        let mut hidden = vec![false; chars.len()];
        for at in 0..chars.len() {
            if let Some(length) = placeholder(&segment.text[at..]) {
                hidden[at..at + length].fill(true);
            }
        }
        Self { folded: chars.iter().map(|c| fold(*c)).collect(), chars, hidden }
    }

    /// Where a quote occurs at or after `from`: between word boundaries if it does anywhere, else where it is
    /// not part of a longer word.
    fn find(&self, quote: &[char], from: usize) -> Option<usize> {
        if !quote.iter().any(|c| c.is_alphanumeric()) {
            return None;
        }
        let places = || {
            (from..(self.chars.len() + 1).saturating_sub(quote.len())).filter(|&at| {
                let end = at + quote.len();
                self.folded[at..end] == *quote && !self.hidden[at..end].contains(&true)
            })
        };
        places()
            .find(|&at| may_start(&self.chars, at) && may_end(&self.chars, at + quote.len()))
            .or_else(|| places().find(|&at| self.whole(at, at + quote.len())))
    }

    /// Whether no letter or digit, nor the point of a number, joins the passage to what is around it.
    fn whole(&self, start: usize, end: usize) -> bool {
        let word = |at: usize| self.chars.get(at).is_some_and(|c| c.is_alphanumeric());
        let digit = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_digit);
        let joins = |at: usize| self.chars.get(at).is_some_and(|c| matches!(c, '.' | ',' | ':'));
        let before = start.checked_sub(1).is_some_and(|at| word(at) || (joins(at) && digit(start)));
        let before = before && (word(start) || joins(start - 1));
        let after = word(end - 1) && (word(end) || (joins(end) && digit(end + 1) && digit(end - 1)));
        !before && !after
    }
}

/// Case and white space folded.
fn folded(quote: &str) -> Vec<char> {
    let words: Vec<&str> = quote.split_whitespace().collect();
    words.join(" ").chars().map(fold).collect()
}

/// Lower case where that is one character, so that positions stay.
fn fold(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::tests::plain;

    fn place(text: &str, quote: &str) -> Option<(u32, u32)> {
        let segment = Segment { text: plain(text), ..Segment::default() };
        let stated = Stated { field: Field::Problems, status: Status::Absent, quote: quote.to_owned() };
        let (facts, unsupported) = ground(&segment, &[stated]);
        assert_eq!(facts.len() + unsupported as usize, 1);
        facts.first().map(|fact| (fact.start, fact.end))
    }

    #[test]
    fn what_occurs_is_kept() {
        assert_eq!(place("Denies Chest  Pain.", "chest pain"), None);
        assert_eq!(place("Denies Chest Pain.", "chest \n PAIN"), Some((7, 17)));
        assert_eq!(place("Ulcus, ÄRGER", "ärger"), Some((7, 12)));
        assert_eq!(place("(gout) and gout", "gout"), Some((11, 15)));
        assert_eq!(place("non-smoker", "smoker"), Some((4, 10)));
    }

    #[test]
    fn what_does_not_occur_is_dropped() {
        assert_eq!(place("Denies chest pain.", "jaw pain"), None);
        assert_eq!(place("hypertension", "tension"), None);
        assert_eq!(place("metformin 0.5 mg", "5 mg"), None);
        assert_eq!(place("heparin 5,000 units", "000 units"), None);
        assert_eq!(place("seen by [NAME] today", "[name]"), None);
        assert_eq!(place("seen by [NAME] today", "by [name] today"), None);
        assert_eq!(place("pain", ""), None);
        assert_eq!(place("pain - none", "-"), None);
    }

    #[test]
    fn repeated_quotes_go_forward() {
        let segment = Segment { text: plain("gout; gout"), ..Segment::default() };
        let stated = Stated { field: Field::Problems, status: Status::Past, quote: "gout".into() };
        let (facts, _) = ground(&segment, &[stated.clone(), stated.clone(), stated]);
        assert_eq!(facts.iter().map(|f| f.start).collect::<Vec<_>>(), [0, 6, 0]);
    }
}
