//! Parameters of JSON-RPC requests. Input: the parameters' text, as it stands in a request.

#![no_main]

use galen_primitives::{
    AccountId, H256,
    audit::Filter,
    consent::{ConsentTerms, Mandate, Question},
};
use galen_rpc_params::{Args, Cursor};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// One of each type that a method takes.
const NAMES: [&str; 10] =
    ["patient", "question", "terms", "mandate", "filter", "cursor", "owed", "at", "jobs", "limit"];

/// What is read is written so that it is read as the same.
fn read<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(args: &Args, name: &'static str) {
    let Ok(Some(value)) = args.find::<T>(name) else { return };
    let written = json!({ name: value }).to_string();
    let again = Args::read(Some(&written), &[name]).expect("it was written here");
    assert_eq!(again.get::<T>(name), Ok(value));
}

fuzz_target!(|text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(args) = Args::read(Some(text), &NAMES) else { return };
    read::<AccountId>(&args, "patient");
    read::<Question>(&args, "question");
    read::<ConsentTerms>(&args, "terms");
    read::<Mandate>(&args, "mandate");
    read::<Filter>(&args, "filter");
    read::<Cursor<u32>>(&args, "cursor");
    read::<Cursor<(AccountId, u32)>>(&args, "owed");
    read::<H256>(&args, "at");
    read::<Vec<H256>>(&args, "jobs");
    read::<u32>(&args, "limit");
});
