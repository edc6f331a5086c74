//! On what a use rested in its block: a consent, an access in an emergency, or both.

use galen_primitives::{
    BlockNumber, H256, UnixSeconds,
    consent::{ConsentVersion, Outcome, Question, decide},
    emergency::Access,
    summary::Receipt,
};

/// What a receipt names as the basis of its use, and what the chain knows of it.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The number of the consent that the receipt names.
    pub consent: Option<u32>,
    /// The access that the receipt names.
    pub access: Option<&'a Access>,
    /// All versions of the patient's consents.
    pub versions: &'a [ConsentVersion],
}

impl Basis<'_> {
    /// Whether the consent permitted the use of `record` in block `at`, at the second `now`, and none denied it; or, in an
    /// emergency, whether the access was open and none denied it.
    pub fn permits(
        &self,
        record: &H256,
        mut question: Question,
        (at, now): (BlockNumber, UnixSeconds),
    ) -> bool {
        if let Some(access) = self.access {
            let was_open =
                access.block <= at && access.is_open(now) && access.covers(&question, Some(record));
            if !was_open {
                return false;
            }
            let Some(asked) = access.asking(question) else { return false };
            question = asked;
        }
        let all = decide(self.versions.iter().filter(|known| known.in_force(at)), &question, now);
        // With an access, a consent that ended between the worker's question and this block takes nothing away.
        let counts = |known: &&ConsentVersion| match self.access {
            Some(_) => known.from_block <= at,
            None => known.in_force(at),
        };
        let permits = self.consent.map(|version| {
            let named = self.versions.iter().filter(|known| known.id == version).filter(counts);
            decide(named, &question, now).permitted()
        });
        match self.access {
            Some(_) => all.outcome != Outcome::Deny && permits != Some(false),
            None => all.permitted() && !all.obligations.break_glass_review && permits == Some(true),
        }
    }
}

/// What a receipt claims of the basis of its use in block `at`, in words.
pub fn claim(receipt: &Receipt, at: BlockNumber) -> String {
    match (receipt.consent, receipt.access) {
        (Some(version), None) => {
            format!("version {version} permitted the use in block {at}, and none denied it")
        }
        (Some(version), Some(id)) => format!(
            "version {version} permitted the use, access {id:?} of an emergency was open in block {at}, and none denied it"
        ),
        (None, Some(id)) => {
            format!("access {id:?} of an emergency was open in block {at}, and none denied it")
        }
        (None, None) => "the receipt names neither a consent nor an access".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_primitives::{
        AccountId,
        consent::{ConsentTerms, Effect, Ended, Ending, Provision, Purpose, decision::id},
        emergency::{Finding, Review, Urgency},
    };

    const DOCTOR: H256 = H256([9; 32]);
    const RECORD: H256 = H256([3; 32]);

    fn hospital() -> AccountId {
        AccountId::new([1; 32])
    }

    fn question() -> Question {
        Question {
            patient: AccountId::new([7; 32]),
            custodian: hospital(),
            requester: hospital(),
            actors: Default::default(),
            purpose: Purpose::Btg,
            record: Some(Default::default()),
        }
    }

    fn access() -> Access {
        Access {
            hospital: hospital(),
            patient: AccountId::new([7; 32]),
            custodian: hospital(),
            record: Some(RECORD),
            by: DOCTOR,
            reason: Urgency::NotReachable,
            note: RECORD,
            consent: None,
            block: 5,
            opened_at: 100,
            until: 200,
            review_due: 300,
            review: None,
        }
    }

    fn version(number: u32, effect: Effect, actor: H256) -> ConsentVersion {
        let actors = vec![actor].try_into().unwrap();
        ConsentVersion {
            id: number,
            terms: ConsentTerms {
                patient: AccountId::new([7; 32]),
                custodian: hospital(),
                policy: Default::default(),
                root: Provision { actors, ..Provision::all(effect) },
                exceptions: Default::default(),
                duo: Default::default(),
                supersedes: None,
                form: RECORD,
            },
            grantor: AccountId::new([7; 32]),
            relayer: hospital(),
            from_block: 1,
            listed_from: Some(1),
            ended: None,
        }
    }

    fn check(consent: Option<u32>, access: Option<Access>, versions: &[ConsentVersion]) -> bool {
        let basis = Basis { consent, access: access.as_ref(), versions };
        basis.permits(&RECORD, question(), (6, 150))
    }

    #[test]
    fn an_access_is_enough_where_no_consent_says_anything() {
        assert!(check(None, Some(access()), &[]));
        assert!(!check(None, None, &[]));
        let denied = [version(0, Effect::Deny, id(&hospital()))];
        assert!(!check(None, Some(access()), &denied));
        assert!(
            !check(None, Some(access()), &[version(0, Effect::Deny, DOCTOR)]),
            "of who opened the access"
        );
        assert!(check(None, Some(access()), &[version(0, Effect::Deny, H256([8; 32]))]));
    }

    #[test]
    fn who_opened_the_access_and_is_named_already_takes_no_room() {
        let mut actors: Vec<H256> = (100..108).map(|n| H256([n; 32])).collect();
        let check = |actors: &[H256], versions: &[ConsentVersion]| {
            let question = Question { actors: actors.to_vec().try_into().unwrap(), ..question() };
            let basis = Basis { consent: None, access: Some(&access()), versions };
            basis.permits(&RECORD, question, (6, 150))
        };
        assert!(!check(&actors, &[]), "there is no room for who opened the access");
        actors[3] = DOCTOR;
        assert!(check(&actors, &[]));
        assert!(!check(&actors, &[version(0, Effect::Deny, DOCTOR)]));
    }

    #[test]
    fn the_access_must_have_been_open_for_this() {
        let review = Review {
            hospital: None,
            by: RECORD,
            finding: Finding::NotJustified,
            note: RECORD,
            block: 6,
            at: 149,
        };
        for wrong in [
            Access { block: 7, ..access() },
            Access { until: 149, ..access() },
            Access { opened_at: 151, ..access() },
            Access { record: Some(DOCTOR), ..access() },
            Access { hospital: AccountId::new([2; 32]), ..access() },
            Access { patient: AccountId::new([2; 32]), ..access() },
            Access { review: Some(review), ..access() },
        ] {
            assert!(!check(None, Some(wrong.clone()), &[]), "{wrong:?}");
        }
    }

    #[test]
    fn a_consent_for_emergencies_needs_the_access_too() {
        let permits = [version(2, Effect::Permit, id(&hospital()))];
        assert!(check(Some(2), Some(access()), &permits));
        assert!(!check(Some(2), None, &permits));
        assert!(!check(Some(3), Some(access()), &permits), "another consent is named");
        assert!(check(None, Some(access()), &permits), "granted after the worker asked");
        let ended = Some(Ended { block: 6, at: 149, why: Ending::Revoked(hospital()) });
        let ended = ConsentVersion { ended, ..version(2, Effect::Permit, id(&hospital())) };
        assert!(check(Some(2), Some(access()), &[ended]), "withdrawn after the worker asked");
        let later = ConsentVersion { from_block: 7, ..version(2, Effect::Permit, id(&hospital())) };
        assert!(!check(Some(2), Some(access()), &[later]));
    }
}
