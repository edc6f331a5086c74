//! What the calls, the decision and the schemes of signatures cost.
//!
//! Calls that carry a signature are measured with one of sr25519, which is charged once more by its scheme:
//! too much by that, never too little.

// Nothing here runs on a chain: a benchmark that cannot be set up is to stop.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing
)]

use crate::{
    Call, Config, Guardians, Live, Overflow, Pallet, Patients, Readers, RelyingParties, Uses, Versions,
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    benchmark::{MakeLog, MakeMember, SetClock, numbered},
    consent::{
        Confidentiality, ConsentTerms, ConsentVersion, Data, Duo, Effect, Ended, Ending, Guardianship,
        Mandate, Meaning, Outcome, Patient, PatientSignature, Period, Policy, Provision, Purpose, Question,
        Settlement, Standing, Use, decision::id,
    },
    records::RecordFacts,
    signature::{Passkey, RelyingParty, ethereum, passkey},
    traits::ConsentCheck,
};
use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use sp_core::{crypto::KeyTypeId, sr25519};
use sp_io::{crypto, hashing::sha2_256};

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");
const NOW: UnixSeconds = 1_700_000_000;
/// The elements of the largest terms: nine provisions of 48 each, and eight codes.
const MOST_ELEMENTS: u32 = 440;

fn hash(seed: u32) -> H256 {
    numbered(seed.into())
}

fn custodian() -> AccountId {
    account("custodian", 0, 0)
}

fn outsider() -> AccountId {
    account("outsider", 0, 0)
}

/// A member that is the custodian, and the time.
fn begin<T: Config>() -> AccountId {
    T::BenchmarkHelper::long_log(1);
    T::BenchmarkHelper::set_clock(NOW);
    T::BenchmarkHelper::member(&custodian(), hash(0));
    custodian()
}

/// A new key of the keystore, as an account.
fn new_key() -> AccountId {
    crypto::sr25519_generate(KEYS, None).0.into()
}

fn sign(signer: &AccountId, text: Option<Vec<u8>>) -> PatientSignature {
    let public = sr25519::Public::from_raw(signer.clone().into());
    let text = text.expect("the patient is enrolled");
    PatientSignature::Sr25519(crypto::sr25519_sign(KEYS, &public, &text).expect("the key was generated"))
}

/// An enrolled patient with so many versions.
fn enrolled<T: Config>(versions: u32) -> AccountId {
    let patient = new_key();
    let enrolled = Patient {
        custodian: custodian(),
        enrolled_at: 0,
        nonce: 0,
        versions,
        past: Default::default(),
        overflow: 0,
    };
    Patients::<T>::insert(&patient, enrolled);
    patient
}

/// As many as there is room for and are left, all different.
fn take<V, Bound: Get<u32>>(left: &mut u32, make: impl Fn(u32) -> V) -> BoundedVec<V, Bound> {
    let count = Bound::get().min(*left);
    *left -= count;
    (0..count).map(make).collect::<Vec<_>>().try_into().ok().expect("no more than the bound")
}

fn provision(effect: Effect, left: &mut u32) -> Provision {
    const LEVELS: [Confidentiality; 6] = [
        Confidentiality::U,
        Confidentiality::L,
        Confidentiality::M,
        Confidentiality::N,
        Confidentiality::R,
        Confidentiality::V,
    ];
    let period = Some(Period { start: Some(0), end: Some(2 * NOW) });
    *left = left.saturating_sub(1);
    Provision {
        effect,
        period,
        purposes: take(left, |n| Purpose::ALL[n as usize]),
        actors: take(left, hash),
        data_period: period,
        data: take(left, |n| Data { meaning: Meaning::Related, reference: hash(n) }),
        levels: take(left, |n| LEVELS[n as usize]),
        labels: take(left, hash),
    }
}

/// Terms of so many elements: the root is filled first, then the exceptions, then the codes.
fn terms(patient: &AccountId, effect: Effect, elements: u32) -> ConsentTerms {
    let mut left = elements;
    let root = provision(effect, &mut left);
    let mut exceptions = Vec::new();
    while left > 0 && exceptions.len() < 8 {
        exceptions.push(provision(effect, &mut left));
    }
    let terms = ConsentTerms {
        patient: patient.clone(),
        custodian: custodian(),
        policy: Policy::Other(hash(0)),
        root,
        exceptions: exceptions.try_into().expect("eight at most"),
        duo: take(&mut left, |n| Duo(n as u16)),
        supersedes: None,
        form: hash(0),
    };
    assert_eq!(terms.elements(), elements);
    terms
}

/// Writes a version of the largest size.
fn version<T: Config>(patient: &AccountId, number: u32, change: impl FnOnce(&mut ConsentVersion)) {
    let mut version = ConsentVersion {
        id: number,
        terms: terms(patient, Effect::Deny, MOST_ELEMENTS),
        grantor: patient.clone(),
        relayer: custodian(),
        from_block: 0,
        listed_from: Some(0),
        ended: None,
    };
    change(&mut version);
    Versions::<T>::insert(patient, number, version);
}

/// A patient with a full list and twice as many denials waiting as enter it in one call. Of those in the
/// list, the first `expired` are.
fn crowded<T: Config>(expired: u32) -> AccountId {
    let (listed, waiting) = (T::MaxLive::get(), 2 * crate::list::MOVES);
    let patient = enrolled::<T>(listed + waiting);
    for number in 0..listed {
        version::<T>(&patient, number, |version| {
            if number < expired {
                version.terms.root.period = Some(Period { start: None, end: Some(NOW - 1) });
            }
        });
    }
    Live::<T>::insert(&patient, BoundedVec::truncate_from((0..listed).collect::<Vec<_>>()));
    for number in listed..listed + waiting {
        version::<T>(&patient, number, |version| version.listed_from = None);
        Overflow::<T>::insert(&patient, number.to_be_bytes(), ());
    }
    Patients::<T>::mutate(&patient, |patient| {
        if let Some(patient) = patient {
            patient.overflow = waiting;
        }
    });
    patient
}

fn waiting<T: Config>(patient: &AccountId) -> u32 {
    Patients::<T>::get(patient).map_or(0, |patient| patient.overflow)
}

fn ended<T: Config>(patient: &AccountId, number: u32) -> bool {
    Versions::<T>::get(patient, number).is_some_and(|version| version.ended.is_some())
}

fn mandate(standing: Standing) -> Mandate {
    Mandate {
        standing,
        start: Some(0),
        end: Some(2 * NOW),
        may_grant: true,
        may_withdraw: true,
        purposes: Purpose::ALL.to_vec().try_into().expect("none twice"),
        paper: hash(0),
    }
}

fn appointed<T: Config>(patient: &AccountId, delegate: &AccountId) {
    let known = Guardianship { mandate: mandate(Standing::Delegate), from_block: 0, until_block: None };
    Guardians::<T>::insert(patient, delegate, known);
}

/// A relying party with the longest id and so many of the longest origins.
fn party(origins: u32) -> RelyingParty {
    let label = "a".repeat(63);
    let host = alloc::format!("{label}.{label}.{label}.{}", "a".repeat(61));
    let origin = |n: u32| {
        let origin = alloc::format!("https://{host}:{}", 10_000 + n);
        origin.into_bytes().try_into().expect("the longest origin fits")
    };
    let origins: Vec<_> = (0..origins).map(origin).collect();
    RelyingParty {
        id: host.clone().into_bytes().try_into().expect("the longest name fits"),
        origins: origins.try_into().expect("eight at most"),
    }
}

/// What a passkey signs for `text`, with extensions and a member of no meaning in the client's data, `size`
/// bytes in all.
fn assertion(text: &[u8], party: &RelyingParty, size: u32) -> (AccountId, Passkey) {
    let key = SigningKey::from_slice(&[7; 32]).expect("it is in range");
    let public_key = key.verifying_key().to_encoded_point(true).as_bytes().try_into().expect("33 bytes");
    let origin = core::str::from_utf8(party.origins.last().expect("it has one")).expect("it is a domain");
    let challenge = passkey::challenge(text);
    let said = |padding: usize| {
        alloc::format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}","crossOrigin":false,"x":"{}"}}"#,
            "x".repeat(padding)
        )
    };
    let mut left = (size as usize).saturating_sub(said(0).len() + 37);
    let extensions = left.min(passkey::MAX_AUTHENTICATOR_DATA as usize - 37);
    left -= extensions;
    let client_data = said(left);
    // Present and verified.
    let mut authenticator_data = [party.id_hash().as_bytes(), &[0b101], &[0; 4]].concat();
    authenticator_data.extend(vec![0; extensions]);
    let message = sha2_256(&[&authenticator_data[..], &sha2_256(client_data.as_bytes())].concat());
    let signature: Signature = key.sign_prehash(&message).expect("it is a hash");
    let passkey = Passkey {
        public_key,
        authenticator_data: authenticator_data.try_into().expect("256 at most"),
        client_data_json: client_data.into_bytes().try_into().expect("1,024 at most"),
        signature: signature.to_der().as_bytes().to_vec().try_into().expect("72 at most"),
    };
    (passkey::account(&party.id_hash(), &public_key), passkey)
}

/// The longest text that there is to sign.
fn longest_text<T: Config>() -> Vec<u8> {
    begin::<T>();
    let patient = enrolled::<T>(0);
    let terms = terms(&patient, Effect::Permit, MOST_ELEMENTS);
    Pallet::<T>::grant_text(&terms, &outsider(), NOW).expect("the patient is enrolled")
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn enrol() {
        let custodian = begin::<T>();
        let patient = outsider();

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), patient.clone());

        assert!(Patients::<T>::contains_key(&patient));
    }

    /// `e`: elements of the terms; `l`: how many of a full list have expired. A delegate's denial takes the
    /// place of one in the list, and others wait: nothing does more.
    #[benchmark]
    fn grant(e: Linear<1, MOST_ELEMENTS>, l: Linear<0, { T::MaxLive::get() }>) {
        let relayer = begin::<T>();
        let patient = crowded::<T>(l);
        let delegate = new_key();
        appointed::<T>(&patient, &delegate);
        let mut terms = terms(&patient, Effect::Deny, e);
        // The last in the list, so that as many as possible are expired beside it.
        let old = T::MaxLive::get() - 1;
        terms.supersedes = Some(old);
        let signature = sign(&delegate, Pallet::<T>::grant_text(&terms, &delegate, NOW));

        #[extrinsic_call]
        _(RawOrigin::Signed(relayer), terms, delegate, NOW, signature);

        assert!(ended::<T>(&patient, old));
        assert!(Versions::<T>::contains_key(&patient, T::MaxLive::get() + 2 * crate::list::MOVES));
    }

    /// `e`: elements of the terms. There is room, so that nothing is looked through.
    #[benchmark]
    fn grant_with_room(e: Linear<1, MOST_ELEMENTS>) {
        let relayer = begin::<T>();
        let patient = crowded::<T>(0);
        let delegate = new_key();
        appointed::<T>(&patient, &delegate);
        // For as many as enter in two steps: at the end of the old one, and after the new one, which waits
        // behind them. A shorter list has less.
        let most = 2 * crate::list::MOVES;
        let kept = T::MaxLive::get().saturating_sub(most).max(1);
        Live::<T>::mutate(&patient, |live| live.truncate(kept as usize));
        let room = T::MaxLive::get() - (kept - 1);
        let mut terms = terms(&patient, Effect::Deny, e);
        terms.supersedes = Some(0);
        let signature = sign(&delegate, Pallet::<T>::grant_text(&terms, &delegate, NOW));

        #[extrinsic_call]
        grant(RawOrigin::Signed(relayer), terms, delegate, NOW, signature);

        assert!(ended::<T>(&patient, 0));
        assert_eq!(waiting::<T>(&patient), most + 1 - most.min(room));
    }

    #[benchmark]
    fn revoke() {
        let relayer = begin::<T>();
        let patient = crowded::<T>(0);
        let delegate = new_key();
        appointed::<T>(&patient, &delegate);
        // There is room for as many as enter in one call.
        Live::<T>::mutate(&patient, |live| {
            live.truncate((T::MaxLive::get() - crate::list::MOVES + 1) as usize)
        });
        let before = waiting::<T>(&patient);
        let signature = sign(&delegate, Pallet::<T>::revoke_text(&patient, 0, &delegate, NOW));

        #[extrinsic_call]
        _(RawOrigin::Signed(relayer), patient.clone(), 0, delegate, NOW, signature);

        assert!(ended::<T>(&patient, 0));
        assert_eq!(before - waiting::<T>(&patient), crate::list::MOVES);
    }

    #[benchmark]
    fn end_by_order() -> Result<(), BenchmarkError> {
        begin::<T>();
        let patient = crowded::<T>(0);
        Live::<T>::mutate(&patient, |live| {
            live.truncate((T::MaxLive::get() - crate::list::MOVES + 1) as usize)
        });
        let origin = T::GovernOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, patient.clone(), 0, hash(1));

        assert!(ended::<T>(&patient, 0));
        Ok(())
    }

    #[benchmark]
    fn appoint() {
        let relayer = begin::<T>();
        let patient = enrolled::<T>(0);
        let mandate = mandate(Standing::Delegate);
        let text = Pallet::<T>::appoint_text(&patient, &outsider(), &mandate, NOW);
        let approval = Some((NOW, sign(&patient, text)));

        #[extrinsic_call]
        _(RawOrigin::Signed(relayer), patient.clone(), outsider(), mandate, approval);

        assert!(Guardians::<T>::contains_key(&patient, outsider()));
    }

    #[benchmark]
    fn dismiss() {
        let relayer = begin::<T>();
        let patient = enrolled::<T>(0);
        appointed::<T>(&patient, &outsider());
        let approval = Some((NOW, sign(&patient, Pallet::<T>::dismiss_text(&patient, &outsider(), NOW))));

        #[extrinsic_call]
        _(RawOrigin::Signed(relayer), patient.clone(), outsider(), approval);

        assert!(Guardians::<T>::get(&patient, outsider()).is_some_and(|known| known.until_block.is_some()));
    }

    #[benchmark]
    fn report_use() {
        let custodian = begin::<T>();
        let reader = account("reader", 0, 0);
        T::BenchmarkHelper::member(&reader, hash(1));
        let patient = enrolled::<T>(1);
        version::<T>(&patient, 0, |_| ());

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian), patient.clone(), 0, reader.clone());

        assert!(Uses::<T>::contains_key(&reader, (patient, 0)));
    }

    #[benchmark]
    fn settle() {
        let custodian = begin::<T>();
        let patient = enrolled::<T>(1);
        version::<T>(&patient, 0, |version| {
            version.ended = Some(Ended { block: 0, at: NOW, why: Ending::Ordered(hash(1)) });
        });
        let consent = (patient.clone(), 0);
        let settled = Some((Settlement::Acknowledged(hash(1)), 0));
        Uses::<T>::insert(&custodian, &consent, Use { since: 0, settled });
        Readers::<T>::insert(&consent, &custodian, ());

        #[extrinsic_call]
        _(RawOrigin::Signed(custodian.clone()), patient, 0, Settlement::Deleted(hash(2)));

        let deleted = Uses::<T>::get(&custodian, consent).and_then(|used| used.settled).map(|(how, _)| how);
        assert_eq!(deleted, Some(Settlement::Deleted(hash(2))));
    }

    /// `l`: consents of the patient that are judged. None of them but the last ends the search.
    #[benchmark]
    fn decide(l: Linear<0, { T::MaxLive::get() }>) {
        let requester = begin::<T>();
        let patient = enrolled::<T>(l);
        for number in 0..l {
            version::<T>(&patient, number, |version| {
                // Everything fits but the record: every element is gone through.
                let all =
                    core::iter::once(&mut version.terms.root).chain(version.terms.exceptions.iter_mut());
                for provision in all {
                    *provision.actors.last_mut().expect("it is full") = id(&requester);
                }
            });
        }
        Live::<T>::insert(&patient, BoundedVec::truncate_from((0..l).collect::<Vec<_>>()));
        let mut left = u32::MAX;
        let record = RecordFacts {
            level: Confidentiality::N,
            labels: take(&mut left, |n| hash(1_000 + n)),
            authored: Some(NOW),
            authors: take(&mut left, |n| hash(2_000 + n)),
            name: Some(hash(3_000)),
            related: take(&mut left, |n| hash(4_000 + n)),
        };
        let question = Question {
            patient,
            custodian: custodian(),
            requester,
            actors: take(&mut left, |n| hash(5_000 + n)),
            purpose: Purpose::Hmarkt,
            record: Some(record),
        };
        let decision;

        #[block]
        {
            decision = <Pallet<T> as ConsentCheck>::decide(&question);
        }

        assert_eq!(decision.outcome, Outcome::NoConsent);
    }

    #[benchmark]
    fn verify_25519() {
        let text = longest_text::<T>();
        let signer = new_key();
        // Wrapped, so that it is tried bare first.
        let wrapped = [b"<Bytes>".as_slice(), &text, b"</Bytes>"].concat();
        let signature = sign(&signer, Some(wrapped));
        let valid;

        #[block]
        {
            valid = signature.verify(&text, &signer, |id| RelyingParties::<T>::get(id));
        }

        assert!(valid);
    }

    #[benchmark]
    fn verify_ethereum() {
        let text = longest_text::<T>();
        let public = crypto::ecdsa_generate(KEYS, None);
        let signature = crypto::ecdsa_sign_prehashed(KEYS, &public, &ethereum::digest(&text));
        let signature = signature.expect("the key was generated").0;
        let address = ethereum::signer(&signature, &text).expect("it was signed just now");
        let signature = PatientSignature::Ethereum(signature);
        let valid;

        #[block]
        {
            valid = signature.verify(&text, &ethereum::account(&address), |id| RelyingParties::<T>::get(id));
        }

        assert!(valid);
    }

    /// `b`: bytes of authenticator and client data. From what a browser sends at least to the most that is
    /// taken.
    #[benchmark]
    fn verify_passkey(b: Linear<500, { passkey::MAX_AUTHENTICATOR_DATA + passkey::MAX_CLIENT_DATA }>) {
        let text = longest_text::<T>();
        let party = party(8);
        RelyingParties::<T>::insert(party.id_hash(), &party);
        let (signer, assertion) = assertion(&text, &party, b);
        assert_eq!(assertion.size(), b as usize);
        let signature = PatientSignature::Passkey(assertion);
        let valid;

        #[block]
        {
            valid = signature.verify(&text, &signer, |id| RelyingParties::<T>::get(id));
        }

        assert!(valid);
    }

    /// `o`: origins, each of the greatest length.
    #[benchmark]
    fn set_relying_party(o: Linear<1, 8>) -> Result<(), BenchmarkError> {
        T::BenchmarkHelper::long_log(1);
        let party = party(o);
        let origin = T::GovernOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, party.clone());

        assert!(RelyingParties::<T>::contains_key(party.id_hash()));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_ext(), crate::mock::Test);
}
