//! The vocabulary as a trie of bytes, to find the tokens that a grammar allows.

use crate::grammar::{Grammar, State};

/// Every token that text can be made of, by its bytes.
pub struct Trie {
    nodes: Vec<Node>,
    pieces: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Node {
    children: Vec<(u8, usize)>,
    /// Tokens whose bytes end here.
    tokens: Vec<usize>,
}

impl Trie {
    /// A trie of pieces; their indexes are the tokens. An empty piece stands for a token that must never be
    /// written.
    #[must_use]
    pub fn new(pieces: Vec<Vec<u8>>) -> Self {
        let mut trie = Self { nodes: vec![Node::default()], pieces: vec![] };
        for (token, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.is_empty()) {
            let mut node = 0;
            for &byte in piece {
                node = trie.child(node, byte);
            }
            trie.nodes[node].tokens.push(token);
        }
        trie.pieces = pieces;
        trie
    }

    fn child(&mut self, node: usize, byte: u8) -> usize {
        if let Some((_, child)) = self.nodes[node].children.iter().find(|(label, _)| *label == byte) {
            return *child;
        }
        self.nodes.push(Node::default());
        let child = self.nodes.len() - 1;
        self.nodes[node].children.push((byte, child));
        child
    }

    /// The bytes of a token; none of an unknown one.
    #[must_use]
    pub fn piece(&self, token: usize) -> &[u8] {
        self.pieces.get(token).map_or(&[], Vec::as_slice)
    }

    /// Calls `visit` with each token that may follow and the state after it.
    pub fn allowed(&self, grammar: &Grammar, state: &State, visit: &mut impl FnMut(usize, &State)) {
        // A stack of our own: pieces of foreign vocabularies may be long.
        let mut stack = vec![(0, state.clone())];
        while let Some((node, state)) = stack.pop() {
            for &(byte, child) in &self.nodes[node].children {
                if let Some(next) = grammar.step(&state, byte) {
                    for &token in &self.nodes[child].tokens {
                        visit(token, &next);
                    }
                    stack.push((child, next));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::parse;
    use crate::grammar::{escape, may_end, may_start};
    use crate::grounding::ground;
    use crate::segment::tests::{notes, plain};
    use crate::segment::{Segment, segments};

    /// All bytes, the recurring parts of answers, and a few longer pieces.
    fn vocabulary() -> Trie {
        let mut pieces: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        pieces.push(vec![]);
        for piece in [
            r#"{"field":"problems","#,
            r#"{"field":"follow_up","#,
            r#""status":"absent","#,
            r#""quote":""#,
            "\"},",
            "\"}]",
            "[]",
            "[{",
            " pain",
            "pain",
            "ain,",
            "in",
            " ",
            "\\\"",
            "\\\\",
            "a b",
            "na",
            "name",
            "糖",
        ] {
            pieces.push(piece.as_bytes().to_vec());
        }
        Trie::new(pieces)
    }

    /// Writes an answer, choosing among the allowed tokens by `picks`.
    fn write(trie: &Trie, grammar: &Grammar, picks: &[u16]) -> (String, bool) {
        let mut state = grammar.start();
        let mut written = Vec::new();
        for pick in picks {
            let mut allowed = Vec::new();
            trie.allowed(grammar, &state, &mut |token, next| allowed.push((token, next.clone())));
            if state.is_done() {
                assert!(allowed.is_empty());
                break;
            }
            assert!(!allowed.is_empty(), "a dead end after {:?}", String::from_utf8_lossy(&written));
            allowed.sort_by_key(|(token, _)| *token);
            let (token, next) = allowed.swap_remove(usize::from(*pick) % allowed.len());
            written.extend_from_slice(trie.piece(token));
            state = next;
        }
        (
            String::from_utf8(written.clone()).unwrap_or_else(|error| {
                String::from_utf8_lossy(&written[..error.utf8_error().valid_up_to()]).into_owned()
            }),
            state.is_done(),
        )
    }

    fn facts_of(segment: &Segment, text: &str) -> Vec<(u32, u32)> {
        let (stated, _) = parse(text);
        let (grounded, unsupported) = ground(segment, &stated);
        assert_eq!(unsupported, 0, "{text}");
        grounded.iter().map(|fact| (fact.start, fact.end)).collect()
    }

    proptest! {
        #[test]
        fn no_answer_is_unsupported(note in notes(), lower: bool, picks in prop::collection::vec(any::<u16>(), 700)) {
            let trie = vocabulary();
            for segment in segments(&plain(&note)) {
                let grammar = Grammar::new(&segment, lower);
                let (text, done) = write(&trie, &grammar, &picks);
                let (stated, complete) = parse(&text);
                prop_assert!(!done || complete, "{text}");
                let (grounded, unsupported) = ground(&segment, &stated);
                prop_assert_eq!(unsupported, 0, "{}", text);
                // In order and without overlap, each between boundaries of words.
                for pair in grounded.windows(2) {
                    prop_assert!(pair[0].end <= pair[1].start, "{text}");
                }
                for fact in &grounded {
                    let source: String = note.chars().skip(fact.start as usize).take((fact.end - fact.start) as usize).collect();
                    let words = |text: &str| text.replace('\r', "").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                    prop_assert_eq!(words(&source), words(&fact.quote));
                    prop_assert!(!fact.quote.contains("[NAME]"));
                }
            }
        }

        #[test]
        fn what_the_segment_says_can_be_quoted(note in notes()) {
            for segment in segments(&plain(&note)) {
                let chars: Vec<char> = segment.text.iter().map(|c| c.ch).collect();
                let text: String = chars.iter().collect();
                if text.contains('[') {
                    continue;
                }
                let start = (0..chars.len()).find(|&at| may_start(&chars, at));
                let end = (1..=chars.len()).rev().find(|&at| may_end(&chars, at));
                if let (Some(start), Some(end)) = (start, end) && start < end {
                    let quote: Vec<u8> = chars[start..end].iter().flat_map(|c| escape(*c)).collect();
                    let quote = String::from_utf8(quote).expect("UTF-8");
                    let answer = format!(r#"[{{"field":"problems","status":"past","quote":"{quote}"}}]"#);
                    prop_assert_eq!(&parse(&answer).0[0].quote, &chars[start..end].iter().collect::<String>());
                    let grammar = Grammar::new(&segment, false);
                    let mut state = Some(grammar.start());
                    for byte in answer.bytes() {
                        state = state.and_then(|state| grammar.step(&state, byte));
                    }
                    prop_assert!(state.is_some_and(|state| state.is_done()), "{answer}");
                }
            }
        }
    }

    #[test]
    fn order_holds_for_repeated_words() {
        let segment = Segment { text: plain("gout, gout and gout"), ..Segment::default() };
        let grammar = Grammar::new(&segment, true);
        let fact = r#"{"field":"problems","status":"past","quote":"gout"}"#;
        let accepts = |answer: &str| {
            answer
                .bytes()
                .try_fold(grammar.start(), |state, byte| grammar.step(&state, byte))
                .is_some_and(|s| s.is_done())
        };
        assert!(accepts("[]"));
        assert!(accepts(&format!("[{fact},{fact},{fact}]")));
        assert_eq!(facts_of(&segment, &format!("[{fact},{fact},{fact}]")), [(0, 4), (6, 10), (15, 19)]);
        assert!(!accepts(&format!("[{fact},{fact},{fact},{fact}]")));
        assert!(!accepts(&format!("[{}]", fact.replace("gout", "gou"))));
        assert!(!accepts(&format!("[{}]", fact.replace("gout", "out"))));
        assert!(!accepts(&format!("[{}]", fact.replace("gout", "Gout"))));
        assert!(!accepts(&format!("[{}]", fact.replace("gout", ""))));
        assert!(accepts(&format!("[{}]", fact.replace("gout", "gout, gout and gout"))));
    }

    #[test]
    fn numbers_stay_whole_and_placeholders_out() {
        let segment =
            Segment { text: plain("on [NAME], 0.625 mg, say \"ah\" x[DATE] y."), ..Segment::default() };
        let grammar = Grammar::new(&segment, false);
        let accepts = |quote: &str| {
            let quote = serde_json::Value::from(quote).to_string();
            let answer = format!(r#"[{{"field":"problems","status":"past","quote":{quote}}}]"#);
            answer.bytes().try_fold(grammar.start(), |state, byte| grammar.step(&state, byte)).is_some()
        };
        for yes in ["on", "0.625 mg", "say \"ah\"", "y", "y."] {
            assert!(accepts(yes), "{yes}");
        }
        for no in ["625 mg", "0", "[NAME]", "NAME", "on [NAME]", "x[DATE]", "x", "y. ", "mg,"] {
            assert!(!accepts(no), "{no}");
        }
    }

    #[test]
    fn a_large_vocabulary_is_walked_quickly() {
        let mut pieces: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        pieces.extend(
            (0..150_000u32).map(|n| format!("{}{n:x}", if n % 2 == 0 { " " } else { "" }).into_bytes()),
        );
        let trie = Trie::new(pieces);
        let text = "ab 12 cd, 34 ef; ".repeat(12);
        let segment = Segment { text: plain(&text[..198]), ..Segment::default() };
        let grammar = Grammar::new(&segment, true);
        let begun = std::time::Instant::now();
        let (_, _) = write(&trie, &grammar, &(0..500).map(|n| n * 7919 % 997).collect::<Vec<u16>>());
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }
}
