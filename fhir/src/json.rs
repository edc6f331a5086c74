//! One bounded reader for JSON that others made.
//!
//! Size, depth, number of values and, where asked, numbers are bounded before anything is built of them; an object that names a
//! member twice is refused, because parsers differ in which they keep (RFC 8259, section 4). No error repeats a part of the
//! document.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::Cell, fmt};

/// What is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Arrays and objects within each other. More than 127 are refused whatever stands here.
    pub depth: usize,
    /// Values in all, of which a byte or two each are enough to fill memory.
    pub values: usize,
    /// What becomes of numbers.
    pub numbers: Numbers,
}

/// What becomes of numbers that a double does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Taken as the nearest double (or 64-bit integer), as RFC 8785 hashes them. The original is to be kept beside.
    Rounded,
    /// Refused beyond ±(2^53 − 1) (RFC 7493, section 2.2). Fractions are rounded to the nearest double.
    Exact,
}

/// Files of FHIR resources, and requests about them.
pub const RESOURCES: Limits =
    Limits { bytes: 32 << 20, depth: 64, values: 2_000_000, numbers: Numbers::Exact };

const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// Why a document was not read. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What is wrong.
    pub fault: Fault,
    /// The line up to which it was read; 0 where the document was not begun.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than this.
    TooLong(usize),
    /// The document is not UTF-8.
    NotUtf8,
    /// It is not JSON.
    Malformed,
    /// More arrays and objects within each other than this.
    TooDeep(usize),
    /// More values than this.
    TooMany(usize),
    /// An object names a member twice.
    Duplicate,
    /// A number beyond what is kept.
    Number,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::TooLong(limit) => write!(f, "the document is longer than the {limit} bytes that are read"),
            Fault::NotUtf8 => f.write_str("the document is not UTF-8"),
            Fault::Malformed => f.write_str("this is not JSON"),
            Fault::TooDeep(limit) => {
                write!(f, "more than {limit} arrays and objects stand within each other")
            }
            Fault::TooMany(limit) => write!(f, "the document has more than the {limit} values that are read"),
            Fault::Duplicate => f.write_str("an object names a member twice"),
            Fault::Number => f.write_str("a number is larger than what is kept exactly"),
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.fault),
            line => write!(f, "{}: line {line}, column {}", self.fault, self.column),
        }
    }
}

impl std::error::Error for Unread {}

/// Reads one JSON value and nothing behind it. A byte order mark before it is skipped.
///
/// # Errors
/// [`Unread`], with the place, when the document is not JSON or goes beyond `limits`.
pub fn read(document: &[u8], limits: &Limits) -> Result<Value, Unread> {
    let unbegun = |fault| Unread { fault, line: 0, column: 0 };
    if document.len() > limits.bytes {
        return Err(unbegun(Fault::TooLong(limits.bytes)));
    }
    let text = std::str::from_utf8(document).map_err(|_| unbegun(Fault::NotUtf8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let state = State { values: Cell::new(limits.values), fault: Cell::new(None), limits };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Seed { state: &state, depth: 0 };
    seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)).map_err(|why| {
        let fault = state.fault.get().unwrap_or_else(|| of_serde(&why, limits));
        Unread { fault, line: why.line(), column: why.column() }
    })
}

// serde_json says these in words only; the tests hold the words.
fn of_serde(why: &serde_json::Error, limits: &Limits) -> Fault {
    let text = why.to_string();
    if text.starts_with("number out of range") {
        Fault::Number
    } else if text.starts_with("recursion limit exceeded") {
        Fault::TooDeep(limits.depth.min(127))
    } else {
        Fault::Malformed
    }
}

/// The name under which serde_json's feature `arbitrary_precision`, which holds for a build as a whole, disguises numbers.
const NUMBER: &str = "$serde_json::private::Number";

struct State<'a> {
    values: Cell<usize>,
    fault: Cell<Option<Fault>>,
    limits: &'a Limits,
}

impl State<'_> {
    fn refuse<T, E: serde::de::Error>(&self, fault: Fault) -> Result<T, E> {
        self.fault.set(Some(fault));
        Err(E::custom(fault))
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    state: &'a State<'a>,
    depth: usize,
}

impl Seed<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.saturating_add(1);
        match depth > self.state.limits.depth {
            true => self.state.refuse(Fault::TooDeep(self.state.limits.depth)),
            false => Ok(Seed { depth, ..self }),
        }
    }

    /// A number in its digits, as serde_json hands it over where some crate of the build has asked for `arbitrary_precision`.
    fn number<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        // Minus zero is a double, as it is without that feature.
        match (text, text.parse::<u64>(), text.parse::<i64>(), text.parse::<f64>()) {
            ("-0", ..) => self.visit_f64(-0.0),
            (_, Ok(whole), ..) => self.visit_u64(whole),
            (_, _, Ok(whole), _) => self.visit_i64(whole),
            (.., Ok(number)) if number.is_finite() => self.visit_f64(number),
            _ => self.state.refuse(Fault::Number),
        }
    }

    fn whole<E: serde::de::Error>(self, magnitude: u64, number: Number) -> Result<Value, E> {
        match self.state.limits.numbers == Numbers::Exact && magnitude > LARGEST_EXACT {
            true => self.state.refuse(Fault::Number),
            false => Ok(Value::Number(number)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.state.values.get().checked_sub(1) {
            Some(left) => self.state.values.set(left),
            None => return self.state.refuse(Fault::TooMany(self.state.limits.values)),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.whole(value, value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.whole(value.unsigned_abs(), value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // 2^53 is the first double beyond; every double from there on is whole.
        let beyond = value.abs() > LARGEST_EXACT as f64;
        match Number::from_f64(value) {
            Some(number) if self.state.limits.numbers == Numbers::Rounded || !beyond => {
                Ok(Value::Number(number))
            }
            _ => self.state.refuse(Fault::Number),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(seed)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut next = members.next_key::<String>()?;
        if next.as_deref() == Some(NUMBER) {
            let text: String = members.next_value()?;
            return self.number(&text);
        }
        let seed = self.inner()?;
        let mut map = Map::new();
        while let Some(name) = next {
            if map.contains_key(&name) {
                return self.state.refuse(Fault::Duplicate);
            }
            let value = members.next_value_seed(seed)?;
            map.insert(name, value);
            next = members.next_key()?;
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: Limits = Limits { bytes: 4096, depth: 5, values: 100, numbers: Numbers::Exact };

    fn fault(text: &str) -> Fault {
        read(text.as_bytes(), &SMALL).unwrap_err().fault
    }

    #[test]
    fn each_bound_holds_and_is_named_with_its_place() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        read(nested(5).as_bytes(), &SMALL).unwrap();
        assert_eq!(fault(&nested(6)), Fault::TooDeep(5));
        assert_eq!(fault(&r#"{"a":"#.repeat(600)), Fault::TooDeep(5));
        let many = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        read(many(99).as_bytes(), &SMALL).unwrap();
        assert_eq!(fault(&many(100)), Fault::TooMany(100));
        assert_eq!(fault(&" ".repeat(4097)), Fault::TooLong(4096));
        let twice = read(b"{\"a\":\n {\"b\":1,\"b\":1}}", &SMALL).unwrap_err();
        assert_eq!((twice.fault, twice.line), (Fault::Duplicate, 2));
        assert_eq!(fault(r#"{"a":1,"\u0061":1}"#), Fault::Duplicate);
        assert!(twice.to_string().contains("names a member twice: line 2, column"));
        assert_eq!(read(b"\"\xff\"", &SMALL).unwrap_err().fault, Fault::NotUtf8);
        for wrong in ["", "{", "[1,]", "1 2", "NaN", "'a'", r#""\ud800""#, "01", "{1:2}"] {
            assert_eq!(fault(wrong), Fault::Malformed, "{wrong}");
        }
        read("\u{feff}{}".as_bytes(), &SMALL).unwrap();
    }

    #[test]
    fn a_depth_beyond_what_the_parser_follows_is_refused_as_depth() {
        let unbounded = Limits { bytes: usize::MAX, depth: usize::MAX, ..SMALL };
        let unbounded = Limits { values: usize::MAX, ..unbounded };
        let bomb = "[".repeat(1_000_000);
        assert_eq!(read(bomb.as_bytes(), &unbounded).unwrap_err().fault, Fault::TooDeep(127));
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        for kept in ["9007199254740991", "-9007199254740991", "0.5", "-0", "1e15"] {
            read(kept.as_bytes(), &SMALL).unwrap();
        }
        let rounded = Limits { numbers: Numbers::Rounded, ..SMALL };
        for beyond in
            ["9007199254740992", "-9007199254740992", "18446744073709551616", "1e16", "9007199254740992.0"]
        {
            assert_eq!(fault(beyond), Fault::Number, "{beyond}");
            read(beyond.as_bytes(), &rounded).unwrap();
        }
        let digits = "9".repeat(4000);
        for bomb in ["1e400", "1e999999999999", &digits] {
            assert_eq!(fault(bomb), Fault::Number, "{bomb}");
            assert_eq!(read(bomb.as_bytes(), &rounded).unwrap_err().fault, Fault::Number, "{bomb}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-(1i64 << 53) + 1..1 << 53).prop_map(Value::from),
            (-1e15f64..1e15).prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 60, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(".{0,4}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in value()) {
            let text = serde_json::to_vec(&value).unwrap();
            prop_assert_eq!(read(&text, &RESOURCES).unwrap(), value);
        }

        #[test]
        fn what_is_read_is_what_serde_json_reads(text in r#"[\[\]{}:,"ab0-9eE.\- ]{0,40}"#) {
            if let Ok(value) = read(text.as_bytes(), &RESOURCES) {
                prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            }
        }
    }
}
