//! Consents to and from the chain's terms. Input: a FHIR Consent, or the SCALE of terms.

#![no_main]

use codec::Decode;
use galen_fhir::{
    json,
    terms::{Ids, Names, Source, export, import},
};
use galen_primitives::{AccountId, H256, commitment::tagged_hash, consent::ConsentTerms};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

const CODES: [&str; 6] = ["ETH", "ETHUD", "OPIOIDUD", "PSY", "SDV", "HIV"];

/// Every text has the id that its hash is, and is remembered.
#[derive(Default)]
struct Remembered(BTreeMap<(u8, H256), String>);

impl Remembered {
    fn id(&mut self, kind: u8, text: &str) -> Option<H256> {
        let id = tagged_hash(&[kind], &[text.as_bytes()]);
        self.0.insert((kind, id), text.to_owned());
        Some(id)
    }

    fn text(&self, kind: u8, id: &H256) -> Option<String> {
        self.0.get(&(kind, *id)).cloned()
    }
}

impl Ids for Remembered {
    fn patient(&mut self, text: &str) -> Option<AccountId> {
        self.id(0, text).map(|id| AccountId::new(id.0))
    }
    fn hospital(&mut self, text: &str) -> Option<AccountId> {
        self.id(1, text).map(|id| AccountId::new(id.0))
    }
    fn actor(&mut self, text: &str) -> Option<H256> {
        self.id(2, text)
    }
    fn name(&mut self, text: &str) -> Option<H256> {
        self.id(3, text)
    }
    fn label(&mut self, code: &str) -> Option<H256> {
        Some(tagged_hash(b"label", &[code.as_bytes()]))
    }
    fn policy(&mut self, uri: &str) {
        self.0.insert((4, tagged_hash(b"galen:policy:v1", &[uri.as_bytes()])), uri.to_owned());
    }
}

impl Names for Remembered {
    fn patient(&self, account: &AccountId) -> Option<String> {
        self.text(0, &H256(account.clone().into()))
    }
    fn hospital(&self, account: &AccountId) -> Option<String> {
        self.text(1, &H256(account.clone().into()))
    }
    fn actor(&self, id: &H256) -> Option<String> {
        self.text(2, id)
    }
    fn name(&self, blinded: &H256) -> Option<String> {
        self.text(3, blinded)
    }
    fn label(&self, blinded: &H256) -> Option<&'static str> {
        CODES.into_iter().find(|code| tagged_hash(b"label", &[code.as_bytes()]) == *blinded)
    }
    fn policy(&self, hash: &H256) -> Option<String> {
        self.text(4, hash)
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut ids = Remembered::default();
    let read = json::read(bytes, &json::RESOURCES).ok();
    let imported = read.and_then(|value| import(&value, None, &mut ids).ok());
    let terms = match (imported, ConsentTerms::decode(&mut &bytes[..])) {
        (Some(imported), _) => imported.terms,
        (None, Ok(terms)) => terms,
        (None, Err(_)) => return,
    };
    let Ok(written) = export(Source::Terms(&terms), &ids) else { return };
    let again = import(&written, None, &mut ids);
    // What the chain refuses, as an actor that stands twice or a period that ends before it begins, may be read otherwise, or not
    // at all.
    if accepted(&terms) {
        let again = again.expect("what was written is read");
        assert_eq!(again.terms, terms);
        assert!(again.left_out.is_empty(), "{:?}", again.left_out);
    }
});

/// Whether the chain would take these terms: periods that are some, nothing twice.
fn accepted(terms: &ConsentTerms) -> bool {
    fn distinct<T: Ord>(items: &[T]) -> bool {
        items.iter().collect::<std::collections::BTreeSet<_>>().len() == items.len()
    }
    distinct(&terms.duo)
        && terms.provisions().all(|one| {
            let sound = |period: Option<galen_primitives::consent::Period>| {
                period.is_none_or(|period| match (period.start, period.end) {
                    (None, None) => false,
                    (Some(start), Some(end)) => start <= end,
                    _ => true,
                })
            };
            sound(one.period)
                && sound(one.data_period)
                && distinct(&one.purposes)
                && distinct(&one.actors)
                && distinct(&one.data)
                && distinct(&one.levels)
                && distinct(&one.labels)
        })
}
