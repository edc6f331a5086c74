//! A record out of a batch, through the pallets as they are joined: batch, consent, reveal and request in one
//! transaction.

use crate::{
    account,
    hospital::{dispatch, signed},
    on_chain, pair,
};
use frame_support::{assert_noop, assert_ok};
use galen_primitives::{
    H256,
    consent::{Confidentiality, ConsentTerms, Effect, PatientSignature, Provision, Purpose, decision::id},
    model::ModelTerms,
    records::{
        RecordAttributes, RecordFacts,
        batch::{BatchTree, attributes_digest, attributes_salt, leaf},
    },
};
use galen_runtime::{
    Audit, Consent, Records, Runtime, RuntimeCall, RuntimeOrigin, Summaries, Timestamp, genesis::DEVELOPMENT,
};
use sp_core::Pair;
use sp_runtime::DispatchResult;

const MODEL: H256 = H256([200; 32]);

fn commitment(number: u8) -> H256 {
    H256([number; 32])
}

fn salt(number: u8) -> H256 {
    attributes_salt(&[number; 32])
}

fn attributes(number: u8) -> RecordAttributes {
    let facts =
        RecordFacts { level: Confidentiality::N, authored: Some(number.into()), ..Default::default() };
    RecordAttributes { patient: account("Pat"), facts }
}

/// A thousand and three records of one patient.
fn tree() -> BatchTree {
    let leaves = (0..1_003u32).map(|number| {
        let number = (number % 250) as u8 + 1;
        leaf(&commitment(number), &attributes_digest(&salt(number), &attributes(number)))
    });
    BatchTree::new(leaves.collect()).unwrap()
}

fn reveal(number: u8) -> RuntimeCall {
    pallet_records::Call::reveal {
        commitment: commitment(number),
        attributes: attributes(number),
        attributes_salt: salt(number),
        proof: tree().proof(u32::from(number) - 1).unwrap(),
    }
    .into()
}

fn request(number: u8) -> RuntimeCall {
    let (record, model, purpose) = (commitment(number), MODEL, Purpose::Treat);
    pallet_summaries::Call::request { record, model, purpose }.into()
}

fn revealed_and_requested(number: u8) -> DispatchResult {
    let calls = vec![reveal(number), request(number)];
    frame_support::storage::with_storage_layer(|| {
        dispatch(signed("Alice"), pallet_utility::Call::batch_all { calls })
    })
}

fn grant() {
    let permit = Provision {
        purposes: vec![Purpose::Treat].try_into().unwrap(),
        actors: vec![id(&account("Alice"))].try_into().unwrap(),
        ..Provision::all(Effect::Permit)
    };
    let terms = ConsentTerms {
        patient: account("Pat"),
        custodian: account("Alice"),
        policy: Default::default(),
        root: permit,
        exceptions: Default::default(),
        duo: Default::default(),
        supersedes: None,
        form: H256([1; 32]),
    };
    let valid_until = Timestamp::get() / 1_000 + 3_600;
    let text = Consent::grant_text(&terms, &account("Pat"), valid_until).unwrap();
    let signature = PatientSignature::Sr25519(pair("Pat").sign(&text));
    let grantor = account("Pat");
    let call = pallet_consent::Call::grant { terms, grantor, valid_until, signature };
    assert_ok!(dispatch(signed("Alice"), call));
}

#[test]
fn a_batched_record_is_revealed_and_summarised_in_one_transaction() {
    on_chain(DEVELOPMENT, || {
        let hash = MODEL;
        let short = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
        let terms =
            ModelTerms { hash, name: short("m"), parent: None, licence: short("MIT"), card: H256::zero() };
        assert_ok!(dispatch(signed("Alice"), pallet_federated::Call::register_model { terms }));
        assert_ok!(dispatch(RuntimeOrigin::root(), pallet_federated::Call::approve_model { hash }));
        assert_ok!(dispatch(signed("Alice"), pallet_consent::Call::enrol { patient: account("Pat") }));
        let (root, count) = (tree().root(), tree().count());
        assert_ok!(dispatch(signed("Alice"), pallet_records::Call::anchor_batch { root, count }));

        // Without a consent neither happens.
        let no_consent: DispatchResult = Err(pallet_summaries::Error::<Runtime>::NoConsent.into());
        assert_eq!(revealed_and_requested(7), no_consent);
        assert_eq!(Records::record(&commitment(7)), None);

        grant();
        let entries = Audit::state().count;
        assert_ok!(revealed_and_requested(7));
        let record = Records::record(&commitment(7)).unwrap();
        let batch = Records::batch(&root).unwrap();
        assert_eq!((record.batch, record.anchored_at), (Some(root), batch.anchored_at));
        let jobs = Summaries::open_jobs(account("Alice"));
        assert_eq!(jobs.len(), 1);
        assert_eq!(Summaries::job(jobs[0]).unwrap().record, commitment(7));
        assert!(Summaries::check(jobs[0]).unwrap().permitted());
        assert_eq!(Audit::state().count, entries + 2, "one entry for each");

        // Voided, nothing more is made of it, and the open job is refused.
        let void = pallet_records::Call::void { commitment: commitment(7), reason: H256([3; 32]) };
        assert_ok!(dispatch(signed("Alice"), void));
        assert!(!Summaries::check(jobs[0]).unwrap().permitted());
        assert_noop!(dispatch(signed("Alice"), request(7)), pallet_summaries::Error::<Runtime>::RecordVoided);

        // What is erased as a leaf is no record any more.
        let erase = pallet_records::Call::erase_leaf {
            commitment: commitment(8),
            attributes_digest: attributes_digest(&salt(8), &attributes(8)),
            proof: tree().proof(7).unwrap(),
        };
        assert_ok!(dispatch(signed("Alice"), erase));
        assert_noop!(dispatch(signed("Alice"), reveal(8)), pallet_records::Error::<Runtime>::AlreadyErased);
    });
}
