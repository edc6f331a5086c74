//! A hospital's app in Rust: who the members are, a patient's key enrolled, a record anchored, a decision asked for, and the
//! audit entries that all this leaves. On a development chain, whose hospital is `//Alice`:
//!
//!     cargo run --release --workspace --example story [ws://127.0.0.1:9944]

use galen_client::{
    Error, calls,
    chain::{Chain, Wait},
    keys::{HospitalKey, PatientKey},
};
use galen_primitives::{
    audit::{Filter, Kind},
    commitment::{Scheme, commit},
    consent::{Purpose, Question},
    records::{RecordAttributes, RecordFacts},
};
use std::io::Read;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "ws://127.0.0.1:9944".to_owned());
    let chain = Chain::connect(&url).await?;
    let hospital = HospitalKey::read("//Alice")?;

    for (account, member) in chain.members(None).await? {
        println!("member {account}: {}", String::from_utf8_lossy(&member.name));
    }

    // One key for each patient at each hospital; here an example's.
    let patient = PatientKey::read("//Patient//Rust")?.account();
    let mut entries =
        chain.follow_entries(Filter { patient: Some(patient.clone()), ..Default::default() }, None).await?;
    if chain.patient(&patient, None).await?.is_none() {
        chain.submit(&calls::enrol(&patient), &hospital, Wait::Finalized).await?;
    }

    // What goes on chain of a document is a hash under a salt that stays with the document.
    let salt = fresh_salt().map_err(|why| Error::Input(format!("no random bytes: {why}")))?;
    let record = commit(Scheme::Text, &salt, b"Mild anaemia. Iron for three months.");
    // Confidentiality N, no labels; what else decisions need to know is not said.
    let facts = RecordFacts::default();
    let attributes = RecordAttributes { patient: patient.clone(), facts: facts.clone() };
    chain.submit(&calls::anchor(record, &attributes), &hospital, Wait::Finalized).await?;
    println!("anchored {record:?}");

    let question = Question {
        patient,
        custodian: hospital.account(),
        requester: hospital.account(),
        actors: Default::default(),
        purpose: Purpose::Treat,
        record: Some(facts),
    };
    let decision = chain.decide(&question, None).await?;
    println!("may the hospital use it for treatment? {} ({:?})", decision.permitted(), decision.reason);

    loop {
        let entry = entries.next().await?;
        println!("audit entry {}: {:?} in block {}", entry.index, entry.kind, entry.block);
        if entry.kind == Kind::RecordAnchored && entry.subject == record {
            return Ok(());
        }
    }
}

fn fresh_salt() -> std::io::Result<[u8; 32]> {
    let mut salt = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut salt)?;
    Ok(salt)
}
