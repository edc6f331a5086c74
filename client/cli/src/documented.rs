//! Every command line of `galen` that stands in the documentation parses.
//!
//! Placeholders (`PATIENT`, `0xHASH`, `5ACCOUNT`, `$job`, `…`) are tried with values of each kind that the commands take. A line
//! of a code block must parse as a whole; a span in running text may name a command without its arguments.

use crate::cli::Cli;
use clap::{CommandFactory, Parser, error::ErrorKind};
use std::path::{Path, PathBuf};

const ACCOUNT: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const HASH: &str = "0x0101010101010101010101010101010101010101010101010101010101010101";
const POINT: &str = "p256:0x036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";

/// A command line, and where it stands.
struct Line {
    page: PathBuf,
    text: String,
    in_a_block: bool,
}

/// The pages that hold command lines.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "packaging/README.md", "zombienet/README.md", "node/README.md"]
            .map(|page| root.join(page))
            .into();
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    pages.extend(docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    pages
}

/// The command lines of a page.
fn lines(page: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(page).unwrap().replace("\\\n", " ");
    let mut found = Vec::new();
    let mut in_a_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_a_block = !in_a_block;
            continue;
        }
        let mut add = |text: &str| {
            if let Some(text) = command(text) {
                found.push(Line { page: page.to_owned(), text: text.to_owned(), in_a_block });
            }
        };
        if in_a_block {
            let code = line.split(" #").next().unwrap_or_default();
            code.split(';').for_each(&mut add);
        } else {
            line.split('`').skip(1).step_by(2).for_each(&mut add);
        }
    }
    found
}

/// The arguments of a command line of `galen`, without what a shell adds after it.
fn command(text: &str) -> Option<&str> {
    let text = text.trim().trim_start_matches("until ").trim_start_matches("target/release/");
    let text = text.strip_prefix("galen ")?;
    let end = [" > ", " | ", " && ", " 2>"].iter().filter_map(|mark| text.find(mark)).min();
    Some(text.get(..end.unwrap_or(text.len()))?.trim())
}

/// The words of a command line; quotes hold a word together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, other) => words.last_mut().unwrap().push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a word may stand for: itself, or if it is a placeholder a value of each kind.
fn meanings(word: &str) -> Vec<String> {
    let word = word.trim_start_matches('[').trim_end_matches(']').trim_end_matches("...");
    if !word.contains(' ') && word.contains('|') {
        return word.split('|').map(str::to_owned).collect();
    }
    let bare = word.trim_start_matches("0x").trim_start_matches('5');
    let capitals = bare.chars().all(|c| c.is_ascii_uppercase()) && !word.is_empty();
    if !(capitals || word.contains('…') || word.starts_with('$')) {
        return vec![word.to_owned()];
    }
    let spelled =
        word.replace("5F…", ACCOUNT).replace("5G…", ACCOUNT).replace("p256:0x…", POINT).replace("0x…", HASH);
    let known = [word, &spelled, ACCOUNT, HASH, "7", "//Alice", "file", "2026-01-01", "TREAT", POINT];
    known.map(str::to_owned).into()
}

/// Whether the parser only misses arguments or a value: the line names a command, and how it goes on is not said.
fn only_misses_something((kind, why): &(ErrorKind, String)) -> bool {
    let missing = [
        ErrorKind::MissingRequiredArgument,
        ErrorKind::MissingSubcommand,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ErrorKind::DisplayHelp,
    ];
    missing.contains(kind) || why.contains("a value is required for")
}

/// Whether some meaning of the words from `at` on makes a command line that parses; if not, what the parser said: that something
/// is missing, if it said so of any meaning, else what it said of the last.
fn parses(words: &mut Vec<String>, at: usize, tries: &mut u32) -> Result<(), (ErrorKind, String)> {
    let Some(word) = words.get(at).cloned() else {
        let arguments = std::iter::once("galen").chain(words.iter().map(String::as_str));
        *tries += 1;
        return Cli::try_parse_from(arguments).map(|_| ()).map_err(|error| (error.kind(), error.to_string()));
    };
    let mut said = (ErrorKind::InvalidValue, "no meaning was tried".to_owned());
    for meaning in meanings(&word) {
        words[at] = meaning;
        match parses(words, at + 1, tries) {
            Err(error) if *tries < 20_000 => {
                if !only_misses_something(&said) {
                    said = error;
                }
            }
            done => return done,
        }
    }
    words[at] = word;
    Err(said)
}

#[test]
fn every_documented_command_line_parses() {
    let mut wrong = Vec::new();
    let mut seen = (0, 0);
    for line in pages().iter().flat_map(|page| lines(page)) {
        // "GROUP COMMAND" and "$@" stand for whatever one likes.
        if line.text.starts_with("GROUP ") || line.text.contains("$@") || line.text.ends_with("...") {
            continue;
        }
        *if line.in_a_block { &mut seen.0 } else { &mut seen.1 } += 1;
        match parses(&mut words(&line.text), 0, &mut 0) {
            Err(error) if line.in_a_block || !only_misses_something(&error) => {
                let why = error.1.lines().next().unwrap_or_default();
                wrong.push(format!("{}: galen {}: {why}", line.page.display(), line.text));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen.0 > 30 && seen.1 > 40, "the pages hold more command lines than {seen:?}");
}

#[test]
fn a_line_that_does_not_parse_is_noticed() {
    for wrong in ["consent grnat", "audit prove", "audit prove 1 --siez 4", "emergency open PATIENT"] {
        assert!(parses(&mut words(wrong), 0, &mut 0).is_err(), "{wrong}");
    }
    assert!(parses(&mut words("audit prove N [--size N]"), 0, &mut 0).is_ok());
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}
