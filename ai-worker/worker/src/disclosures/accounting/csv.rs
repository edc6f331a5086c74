//! An accounting as CSV (RFC 4180), for spreadsheets.
//!
//! Every field is quoted. What a spreadsheet would take for a formula (OWASP, CSV Injection) gets an
//! apostrophe before it: names and ids come from credentials and from other systems.

use galen_worker_api::audit::{Accounting, Cover, Line};

const COLUMNS: [&str; 11] = [
    "number",
    "date",
    "recipient id",
    "recipient name",
    "recipient organisation",
    "description",
    "purpose",
    "record",
    "consent",
    "batch",
    "on chain",
];

/// The table: a line of column names, then one per disclosure.
pub fn table(accounting: &Accounting) -> String {
    let mut text = row(COLUMNS.map(str::to_owned));
    for line in &accounting.lines {
        text += &row(cells(line));
    }
    text
}

fn cells(line: &Line) -> [String; 11] {
    [
        line.number.to_string(),
        line.date.clone(),
        line.recipient.id.clone(),
        line.recipient.name.clone().unwrap_or_default(),
        line.recipient.organisation.clone().unwrap_or_default(),
        line.description.clone(),
        line.purpose.clone(),
        line.entry.subject.map(|subject| format!("{subject:?}")).unwrap_or_default(),
        line.entry.consent.map(|consent| consent.to_string()).unwrap_or_default(),
        line.batch.map(|first| first.to_string()).unwrap_or_default(),
        word(line.cover).to_owned(),
    ]
}

fn word(cover: Cover) -> &'static str {
    match cover {
        Cover::Reported => "reported",
        Cover::Unreported => "not reported",
        Cover::Conflicting => "conflicting",
        Cover::Unknown => "unknown",
    }
}

fn row<const N: usize>(cells: [String; N]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quote(cell)).collect();
    format!("{}\r\n", quoted.join(","))
}

fn quote(cell: &str) -> String {
    // Spreadsheets look past white space and control characters at the first sign that counts; full-width
    // forms are signs too.
    let sign = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let formula = sign.starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    let control = cell.starts_with(['\t', '\r', '\n']);
    let guard = if formula || control { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_formula_or_gets_out_of_its_cell() {
        for (cell, quoted) in [
            ("dr-x", r#""dr-x""#),
            ("", r#""""#),
            ("=HYPERLINK(\"http://x\")", r#""'=HYPERLINK(""http://x"")""#),
            ("+1", r#""'+1""#),
            ("-1", r#""'-1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("\t=1", "\"'\t=1\""),
            ("\r\n=1", "\"'\r\n=1\""),
            (" =1", r#""' =1""#),
            ("＝1", r#""'＝1""#),
            ("a\",\"=1", r#""a"",""=1""#),
            ("a=1", r#""a=1""#),
        ] {
            assert_eq!(quote(cell), quoted);
        }
    }
}
