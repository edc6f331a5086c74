//! Ethereum wallets and passkeys: whose signatures count, and the list of relying parties.

use crate::{Call, Error, Event, RelyingParties, mock::*};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use galen_primitives::{
    AccountId,
    audit::Kind,
    signature::{Passkey, PatientSignature, RelyingParty, ethereum, passkey},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use sp_core::{Pair, ecdsa};
use sp_io::hashing::{keccak_256, sha2_256};
use sp_runtime::{
    DispatchResult,
    traits::{BadOrigin, Dispatchable},
};

const APP: &str = "https://app.clinic.example";

fn party(id: &str, origins: &[&str]) -> RelyingParty {
    let origins: Vec<_> = origins.iter().map(|o| o.as_bytes().to_vec().try_into().unwrap()).collect();
    RelyingParty { id: id.as_bytes().to_vec().try_into().unwrap(), origins: origins.try_into().unwrap() }
}

fn set(party: RelyingParty) -> DispatchResult {
    RuntimeCall::from(Call::set_relying_party { party })
        .dispatch(RuntimeOrigin::root())
        .map(|_| ())
        .map_err(|refused| refused.error)
}

struct Phone(SigningKey);

impl Phone {
    fn public_key(&self) -> [u8; 33] {
        self.0.verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap()
    }
    fn account(&self) -> AccountId {
        passkey::account(&party("clinic.example", &[]).id_hash(), &self.public_key())
    }
    fn sign(&self, text: &[u8], origin: &str) -> PatientSignature {
        let challenge = passkey::challenge(text);
        let client = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}"}}"#);
        let mut data = sha2_256(b"clinic.example").to_vec();
        data.extend([0b101, 0, 0, 0, 0]);
        let message = [data.as_slice(), &sha2_256(client.as_bytes())].concat();
        let signature: Signature = self.0.sign(&message);
        PatientSignature::Passkey(Passkey {
            public_key: self.public_key(),
            authenticator_data: data.try_into().unwrap(),
            client_data_json: client.into_bytes().try_into().unwrap(),
            signature: signature.to_der().as_bytes().to_vec().try_into().unwrap(),
        })
    }
}

fn phone() -> Phone {
    Phone(SigningKey::from_slice(&[7; 32]).unwrap())
}

fn grant_call(key: &AccountId, sign: impl Fn(&[u8]) -> PatientSignature) -> Call<Test> {
    let (terms, valid_until) = (terms(key), START + 60);
    let text = Consent::grant_text(&terms, &terms.patient, valid_until).unwrap();
    let grantor = terms.patient.clone();
    Call::grant { terms, grantor, valid_until, signature: sign(&text) }
}

fn revoke_call(key: &AccountId, sign: impl Fn(&[u8]) -> PatientSignature) -> Call<Test> {
    let valid_until = START + 60;
    let text = Consent::revoke_text(key, 0, key, valid_until).unwrap();
    Call::revoke { patient: key.clone(), id: 0, grantor: key.clone(), valid_until, signature: sign(&text) }
}

#[test]
fn an_ethereum_wallet_grants_and_revokes() {
    run(|| {
        let pair = ecdsa::Pair::from_seed(&[3; 32]);
        let sign = |text: &[u8]| PatientSignature::Ethereum(pair.sign_prehashed(&ethereum::digest(text)).0);
        let PatientSignature::Ethereum(any) = sign(b"") else { unreachable!() };
        let key = ethereum::account(&ethereum::signer(&any, b"").unwrap());
        assert_eq!(AsRef::<[u8]>::as_ref(&key)[20..], [0xEE; 12]);
        assert_ok!(enrol(&general(), &key));
        // The digest of the bare text is not what a wallet signs.
        let bare = |text: &[u8]| PatientSignature::Ethereum(pair.sign_prehashed(&keccak_256(text)).0);
        assert_noop!(submit(&mercy(), grant_call(&key, bare)), Error::<Test>::InvalidSignature);
        let granted = grant_call(&key, sign);
        assert_ok!(submit(&mercy(), granted.clone()));
        assert_noop!(submit(&mercy(), granted), Error::<Test>::InvalidSignature);
        assert_ok!(submit(&mercy(), revoke_call(&key, sign)));
    });
}

#[test]
fn a_passkey_signs_from_listed_origins_only() {
    run(|| {
        let (phone, other) = (phone(), "https://other.clinic.example");
        let key = phone.account();
        assert_ok!(enrol(&general(), &key));
        let from = |origin: &'static str| {
            let phone = &phone;
            move |text: &[u8]| phone.sign(text, origin)
        };
        let refused = Error::<Test>::InvalidSignature;
        assert_noop!(submit(&mercy(), grant_call(&key, from(APP))), refused);
        assert_ok!(set(party("clinic.example", &[APP])));
        assert_noop!(submit(&mercy(), grant_call(&key, from(other))), Error::<Test>::InvalidSignature);
        assert_ok!(submit(&mercy(), grant_call(&key, from(APP))));
        // The list in force counts: what replaces an entry, and what removes it.
        assert_ok!(set(party("clinic.example", &[other])));
        assert_noop!(submit(&mercy(), revoke_call(&key, from(APP))), Error::<Test>::InvalidSignature);
        assert_ok!(set(party("clinic.example", &[])));
        assert_noop!(submit(&mercy(), revoke_call(&key, from(other))), Error::<Test>::InvalidSignature);
        assert_ok!(set(party("clinic.example", &[APP, other])));
        assert_ok!(submit(&mercy(), revoke_call(&key, from(other))));
    });
}

#[test]
fn only_governance_sets_the_list_and_leaves_an_entry() {
    run(|| {
        let clinic = party("clinic.example", &[APP]);
        assert_noop!(submit(&general(), Call::set_relying_party { party: clinic.clone() }), BadOrigin);
        assert_ok!(set(clinic.clone()));
        assert_eq!(RelyingParties::<Test>::get(clinic.id_hash()), Some(clinic.clone()));
        assert_eq!(Consent::relying_parties(), vec![clinic.clone()]);
        assert_eq!(FakeAudit::entries(), [(None, Kind::RelyingPartySet, clinic.id_hash(), None)]);
        System::assert_last_event(Event::RelyingPartySet { id_hash: clinic.id_hash(), origins: 1 }.into());
        assert_ok!(set(party("clinic.example", &[])));
        assert_eq!(RelyingParties::<Test>::iter().count(), 0);
        assert_eq!(FakeAudit::entries().len(), 2);
    });
}

#[test]
fn what_cannot_be_a_relying_party_is_refused() {
    run(|| {
        for bad in
            [party("Clinic.example", &[APP]), party("", &[APP]), party("clinic.example", &["https://a/"])]
        {
            assert_noop!(set(bad), Error::<Test>::InvalidRelyingParty);
        }
        assert_noop!(set(party("clinic.example", &[APP, APP])), Error::<Test>::InvalidRelyingParty);
        assert_noop!(set(party("clinic.example", &[])), Error::<Test>::RelyingPartyNotFound);
        FakeAudit::room_for(0);
        assert_noop!(set(party("clinic.example", &[APP])), FakeAudit::FULL);
    });
}

#[test]
fn a_dearer_signature_weighs_more() {
    run(|| {
        let (wallet, phone) = (Wallet::sr(1), phone());
        assert_ok!(enrol(&general(), &wallet.key()));
        let weigh = |sign: &dyn Fn(&[u8]) -> PatientSignature| {
            let revocation = Call::<Test>::revoke {
                patient: wallet.key(),
                id: 0,
                grantor: wallet.key(),
                valid_until: 0,
                signature: sign(b"text"),
            };
            let info = [grant_call(&wallet.key(), sign).get_dispatch_info(), revocation.get_dispatch_info()];
            info.map(|info| info.call_weight.ref_time())
        };
        let sr = weigh(&|text| wallet.sign(text));
        let short = weigh(&|text| phone.sign(text, "a"));
        let long = weigh(&|text| phone.sign(text, &"a".repeat(501)));
        for i in 0..2 {
            // There is no host function for P-256: it takes several times as long. Beside that, bytes are nothing.
            assert!(short[i] > sr[i] + 500_000_000);
            assert!(long[i] >= short[i]);
        }
    });
}
