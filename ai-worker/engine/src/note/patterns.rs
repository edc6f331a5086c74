//! Patterns for the eighteen identifiers of HIPAA's Safe Harbor, and the checks that keep drug strengths,
//! ratios and laboratory values out of them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::span::{Class, Span};

/// A pattern: the group `v`, or all of it, is what identifies. `check` may refuse a match.
struct Pattern {
    class: Class,
    regex: Regex,
    check: fn(&str, &Captures<'_>) -> bool,
}

/// Finds what the patterns find.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    for pattern in PATTERNS.iter() {
        for captures in pattern.regex.captures_iter(text) {
            let Some(found) = captures.name("v").or_else(|| captures.get(0)) else {
                continue;
            };
            if (pattern.check)(text, &captures) {
                spans.push(Span { start: found.start(), end: found.end(), class: pattern.class });
            }
        }
    }
}

const MONTH: &str = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|january|february|april|june|july|august|september|october|november|december)";
/// What may stand between a label and its value.
const IS: &str = r"[ \t]*(?:is|was|[:#=])?[ \t]*[:#=]?[ \t]*";
/// A number of some sort: begins with a letter or digit, no spaces.
const VALUE: &str = r"(?P<v>[A-Za-z0-9][A-Za-z0-9./-]*[A-Za-z0-9])";
const NUMBER: &str = r"(?:[ \t]*(?:id|identifier|number|num|no\.?|nr\.?|code|#))";
const NAME: &str = r"[A-Z][\w'’-]*(?:(?:,?[ \t]+|-)(?:[A-Z]\.|[A-Z][\w'’-]+))";

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let mut all = Vec::new();
    let mut add = |class, regex: String, check| match Regex::new(&regex) {
        Ok(regex) => all.push(Pattern { class, regex, check }),
        // The patterns are constants and a test compiles each.
        Err(error) => unreachable!("{error}"),
    };
    let any: fn(&str, &Captures<'_>) -> bool = |_, _| true;
    let digits: fn(&str, &Captures<'_>) -> bool = has_digits;

    // 1 names: after a title or a label.
    add(
        Class::Name,
        r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof|Doctor|Nurse|Miss)\.?[ \t]+(?P<v>[A-Z][\w'’-]+(?:[ \t]+(?:[A-Z]\.[ \t]+)?[A-Z][a-z'’-]+\d*)?)".to_owned(),
        any,
    );
    add(
        Class::Name,
        format!(
            r"(?im)^[ \t]*(?:patient(?:'s)?[ \t]+name|pt[ \t]+name|name|surname|first[ \t]+name|last[ \t]+name|family[ \t]+name|maiden[ \t]+name|next[ \t]+of[ \t]+kin|emergency[ \t]+contact|guardian)[ \t]*[:=][ \t]*(?P<v>(?-i:{NAME}*))"
        ),
        any,
    );
    add(
        Class::Name,
        format!(
            r"(?i)\b(?:patient|pt|attending|provider|physician|surgeon|author|employer|seen by|signed by|dictated by|reviewed by|referred by|accompanied by)[ \t]*:?[ \t]+(?-i:(?P<v>{NAME}{{1,2}}))"
        ),
        name_like,
    );
    add(
        Class::Name,
        r"\b(?:son|daughter|wife|husband|named|called)\b,?[ \t]+(?P<v>[A-Z][a-z]+(?:[ \t]+[A-Z][a-z]+)?)\b"
            .to_owned(),
        any,
    );
    // 2 geographic units smaller than a state.
    add(Class::Address, r"\b\d{1,6}[A-Za-z]?[ \t]+(?:[NSEW]\.?[ \t]+)?(?:[A-Z][A-Za-z'.-]*[ \t]+){1,3}(?:Street|Avenue|Road|Boulevard|Lane|Drive|Court|Circle|Place|Terrace|Parkway|Highway|Square|Trail|Crescent|STREET|AVENUE|ROAD|BOULEVARD|LANE)\b(?:,?[ \t]*(?:Apt|Suite|Ste|Unit|#)\.?[ \t]*[\w-]+)?".to_owned(), any);
    add(Class::Address, r"(?m)\b\d{1,6}[A-Za-z]?[ \t]+(?:[NSEW]\.?[ \t]+)?(?:[A-Z][A-Za-z'.-]*[ \t]+){1,3}(?:St|Ave|Rd|Blvd|Ln|Dr|Cir|Ter|Pkwy|Hwy|Sq)\b\.?(?:,|[ \t]*$|[ \t]+(?:Apt|Suite|Ste|Unit|#)\.?[ \t]*[\w-]+)".to_owned(), any);
    add(Class::Address, r"\bP\.?[ \t]?O\.?[ \t]+Box[ \t]+\d+".to_owned(), any);
    add(Class::Address, r"\b[A-Z][A-Za-z.'-]+(?:[ \t][A-Z][A-Za-z.'-]+){0,2},?[ \t]+(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])[ \t]+\d{5}(?:-\d{4})?\b".to_owned(), any);
    add(Class::Address, r"(?i)\b(?:zip|postal|post)(?:[ \t]*code)?[ \t]*[:#]?[ \t]*(?P<v>\d{5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]?[ \t]*\d[a-z]{2})\b".to_owned(), any);
    add(Class::Address, r"\b(?:[Ll]ives|[Ll]iving|[Rr]esid(?:es|ing)|[Bb]orn|[Rr]esident|[Mm]oved|[Aa]ddress:)[ \t]+(?:in[ \t]+|at[ \t]+|of[ \t]+|to[ \t]+|from[ \t]+)?(?P<v>(?:\d+[ \t]+)?[A-Z][a-z]+(?:[ \t]+[A-Z][a-z]+)*(?:,[ \t]*[A-Z][A-Za-z]+)?)".to_owned(), any);
    // 3 dates other than years, and ages over 89.
    add(Class::Date, r"\b(?:18|19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:3[01]|[12]\d|0?[1-9])(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b".to_owned(), any);
    add(Class::Date, r"\b(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:3[01]|[12]\d|0[1-9])\b".to_owned(), any);
    add(
        Class::Date,
        r"\b(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P<t>[-/.])(?P<y>(?:18|19|20)\d{2}|\d{2})\b".to_owned(),
        calendar,
    );
    add(Class::Date, r"\b(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}\b".to_owned(), free);
    add(Class::Date, r"(?i)\b(?:on|since|dated|until|by|from|seen|dob|born)[ \t:]+(?P<v>(?:0?[1-9]|1[0-2])/(?:3[01]|[12]\d|0?[1-9]))\b".to_owned(), free);
    add(
        Class::Date,
        format!(
            r"\b{MONTH}\.?[ \t]+(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?:,?[ \t]+(?:18|19|20)\d{{2}}\b)?"
        ),
        free,
    );
    add(
        Class::Date,
        format!(
            r"\b(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:[ \t]+of)?[ \t-]+{MONTH}\b\.?(?:,?[ \t-]+(?:18|19|20)?\d{{2}}\b)?"
        ),
        free,
    );
    add(Class::Date, format!(r"\b{MONTH}\.?,?[ \t]+(?:of[ \t]+)?(?:18|19|20)\d{{2}}\b"), free);
    add(
        Class::Age,
        r"(?i)\b(?P<v>9\d|1[0-4]\d)[ \t-]*(?:(?:years?|yrs?)[ \t-]*(?:old|of[ \t]+age)|y/?o\b|year-old)"
            .to_owned(),
        any,
    );
    add(Class::Age, r"(?i)\b(?:aged?|at age)[ \t:]+(?P<v>9\d|1[0-4]\d)\b".to_owned(), free);
    // 4, 5 telephone and fax.
    add(
        Class::Fax,
        r"(?i)\bfax(?:[ \t]*(?:no\.?|number|#))?[ \t]*[:.]?[ \t]*(?P<v>\+?[(\d][\d ().-]{5,18}\d)".to_owned(),
        digits,
    );
    add(Class::Phone, r"(?i)\b(?:tel|phone|telephone|mobile|cell|pager|call(?: back)?)\b\.?(?:[ \t]*(?:no\.?|number|#))?[ \t]*[:.]?[ \t]*(?P<v>\+?[(\d][\d ().-]{5,18}\d)".to_owned(), digits);
    add(
        Class::Phone,
        r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\)[ ]?|\b\d{3}[.-])\d{3}[ .-]\d{4}\b(?:[ ]*(?:x|ext\.?)[ ]*\d{1,6})?"
            .to_owned(),
        any,
    );
    add(Class::Phone, r"\+\d{1,3}(?:[ .()-]{0,2}\d{2,4}){2,5}\b".to_owned(), digits);
    // 6 to 12, 18 numbers with a label.
    add(Class::Email, r"(?i)\b[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+\b".to_owned(), any);
    add(Class::Ssn, r"\b\d{3}-\d{2}-\d{4}\b".to_owned(), any);
    add(
        Class::Ssn,
        format!(r"(?i)\b(?:ssn|social[ \t]+security){NUMBER}?{IS}(?P<v>\d{{3}}[ -]?\d{{2}}[ -]?\d{{4}})\b"),
        any,
    );
    add(
        Class::Mrn,
        format!(
            r"(?i)\b(?:mrn|mr#|(?:medical|hospital|health)[ \t]+record{NUMBER}?|record{NUMBER}|chart{NUMBER}|patient{NUMBER}|nhs{NUMBER}){IS}{VALUE}"
        ),
        digits,
    );
    add(
        Class::Plan,
        format!(
            r"(?i)\b(?:member|subscriber|policy|beneficiary|group|insurance|medicare|medicaid|health[ \t]+plan|plan){NUMBER}{IS}{VALUE}"
        ),
        digits,
    );
    add(Class::Account, format!(r"(?i)\b(?:account|acct\.?|iban|bank|card){NUMBER}?{IS}{VALUE}"), digits);
    add(
        Class::License,
        format!(r"(?i)\b(?:licen[sc]e|certificate|dea|npi|registration){NUMBER}?{IS}{VALUE}"),
        digits,
    );
    add(
        Class::Vehicle,
        format!(
            r"(?i)\b(?:vin|licen[sc]e[ \t]+plate|plate|vehicle){NUMBER}?{IS}(?P<v>[A-Za-z0-9]{{1,4}}[ -][0-9]{{2,5}}|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])\b"
        ),
        digits,
    );
    add(Class::Vehicle, r"\b[A-HJ-NPR-Z0-9]{17}\b".to_owned(), digits);
    add(
        Class::Device,
        format!(
            r"(?i)\b(?:(?:serial|device|lot|udi|imei|pacemaker|implant){NUMBER}|serial|udi|imei|s/n){IS}{VALUE}"
        ),
        digits,
    );
    add(Class::Device, r"\(01\)\d{14}(?:\(\d{2}\)[\w-]+)*".to_owned(), any);
    add(Class::Device, r"(?i)\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b".to_owned(), any);
    add(Class::Url, r#"(?i)\b(?:(?:https?|ftp)://|www\.)[^\s<>"')\]]+"#.to_owned(), any);
    add(Class::Ip, r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b".to_owned(), ipv4);
    add(Class::Ip, r"(?i)[0-9a-f]{0,4}:[0-9a-f:]+:[0-9a-f:.]*[0-9a-f]".to_owned(), ipv6);
    add(
        Class::Biometric,
        format!(
            r"(?i)\b(?:(?:finger|voice)[ \t]?print|biometric|retinal?[ \t]+scan|iris[ \t]+scan|face[ \t]?id){NUMBER}?{IS}{VALUE}"
        ),
        digits,
    );
    // 17 full-face photographs: images are never read; what refers to one goes.
    add(Class::Photo, r"(?i)\bdata:image/[^\s]+".to_owned(), any);
    add(Class::Photo, r"(?i)\b[\w/.-]+\.(?:jpe?g|png|gif|bmp|tiff?|heic|webp)\b".to_owned(), any);
    add(Class::Id, r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b".to_owned(), any);
    add(Class::Id, r"(?i)\burn:[a-z0-9][a-z0-9-]+:[a-z0-9:._-]+".to_owned(), any);
    add(
        Class::Id,
        format!(
            r"(?i)\b(?:case|study|subject|accession|encounter|visit|order|claim|invoice|specimen|sample|prescription|passport|tracking|confirmation|badge|employee|student|tax|driver|national|identity){NUMBER}{IS}{VALUE}"
        ),
        digits,
    );
    add(Class::Id, format!(r"\b(?:ID|Id)(?:[ \t]*[:#=]|[ \t]+(?:number|no\.?))[ \t]*{VALUE}"), digits);
    all
});

/// The part that would be removed.
fn value<'a>(captures: &Captures<'a>) -> &'a str {
    captures.name("v").or_else(|| captures.get(0)).map_or("", |found| found.as_str())
}

/// At least four characters of it are digits: a labelled word ("record number unknown") is no number.
fn has_digits(text: &str, captures: &Captures<'_>) -> bool {
    value(captures).chars().filter(char::is_ascii_digit).count() >= 4 && free(text, captures)
}

/// No unit of measure follows: "May 5 mg" is a dose.
fn free(text: &str, captures: &Captures<'_>) -> bool {
    let end = captures.name("v").or_else(|| captures.get(0)).map_or(0, |found| found.end());
    let rest = text.get(end..).unwrap_or_default();
    let unit: String =
        rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let units = [
        "mg", "mcg", "ug", "µg", "g", "kg", "ml", "l", "unt", "units", "unit", "iu", "meq", "mmol", "mm",
        "cm", "mmhg", "hr", "hours", "days", "weeks", "times", "tablets", "capsules", "bpm", "ng", "dl",
    ];
    !(units.contains(&unit.as_str()) || rest.trim_start().starts_with('%'))
}

/// Day, month and year, or month, day and year.
fn calendar(text: &str, captures: &Captures<'_>) -> bool {
    let number =
        |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<u32>().ok()).unwrap_or(0);
    let (a, b) = (number("a"), number("b"));
    let long = captures.name("y").is_some_and(|year| year.as_str().len() == 4);
    let separators = captures.name("s").map(|s| s.as_str()) == captures.name("t").map(|t| t.as_str());
    // "1.2.10" numbers a paragraph.
    let dotted = captures.name("s").is_some_and(|s| s.as_str() == ".");
    let valid = (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12);
    separators && valid && (long || !dotted) && free(text, captures)
}

/// Two capitalised words after a role are a name unless they are what a patient does or has.
fn name_like(_: &str, captures: &Captures<'_>) -> bool {
    let first = value(captures).split([' ', '\t', ',']).next().unwrap_or_default().to_lowercase();
    let verbs = [
        "denies",
        "reports",
        "has",
        "had",
        "is",
        "was",
        "presents",
        "states",
        "complains",
        "health",
        "care",
        "education",
        "history",
        "admits",
        "instructions",
        "information",
        "safety",
        "medical",
        "surgical",
        "family",
        "social",
        "name",
        "id",
    ];
    !verbs.contains(&first.as_str())
}

fn ipv4(_: &str, captures: &Captures<'_>) -> bool {
    value(captures).parse::<Ipv4Addr>().is_ok()
}

fn ipv6(_: &str, captures: &Captures<'_>) -> bool {
    value(captures).parse::<Ipv6Addr>().is_ok()
}
