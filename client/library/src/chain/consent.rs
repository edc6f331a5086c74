//! Patients, their consents and decisions, texts to sign, mandates, and what is owed after a consent has ended.

use super::Chain;
use crate::Error;
use codec::Encode;
use galen_primitives::{
    AccountId, H256, UnixSeconds,
    api::MAX_PAGE,
    consent::{
        ConsentTerms, ConsentVersion, Decision, Guardianship, Mandate, Owed, OwedPage, Patient, Question, Use,
    },
    signature::RelyingParty,
};

impl Chain {
    /// An enrolled patient key.
    pub async fn patient(&self, patient: &AccountId, at: Option<H256>) -> Result<Option<Patient>, Error> {
        self.call("ConsentApi_patient", patient, at).await
    }

    /// All versions of a patient's consents.
    pub async fn consents(
        &self,
        patient: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<ConsentVersion>, Error> {
        self.call("ConsentApi_consents", patient, at).await
    }

    /// The relying parties whose passkeys may sign.
    pub async fn relying_parties(&self, at: Option<H256>) -> Result<Vec<RelyingParty>, Error> {
        self.call("ConsentApi_relying_parties", (), at).await
    }

    /// The consent decision at a block.
    pub async fn decide(&self, question: &Question, at: Option<H256>) -> Result<Decision, Error> {
        self.call("ConsentApi_decide", question, at).await
    }

    /// The text that `grantor` signs to grant `terms`, at the best block (the nonce must be the newest).
    pub async fn grant_text(
        &self,
        terms: &ConsentTerms,
        grantor: &AccountId,
        valid_until: UnixSeconds,
    ) -> Result<Vec<u8>, Error> {
        self.text("ConsentApi_grant_text", (terms, grantor, valid_until)).await
    }

    /// The text that `grantor` signs to withdraw consent number `id`, at the best block.
    pub async fn revoke_text(
        &self,
        patient: &AccountId,
        id: u32,
        grantor: &AccountId,
        valid_until: UnixSeconds,
    ) -> Result<Vec<u8>, Error> {
        self.text("ConsentApi_revoke_text", (patient, id, grantor, valid_until)).await
    }

    /// The text by which a patient gives a delegate a mandate, at the best block.
    pub async fn appoint_text(
        &self,
        patient: &AccountId,
        delegate: &AccountId,
        mandate: &Mandate,
        valid_until: UnixSeconds,
    ) -> Result<Vec<u8>, Error> {
        self.text("ConsentApi_appoint_text", (patient, delegate, mandate, valid_until)).await
    }

    /// The text by which a patient ends a delegate's mandate, at the best block.
    pub async fn dismiss_text(
        &self,
        patient: &AccountId,
        delegate: &AccountId,
        valid_until: UnixSeconds,
    ) -> Result<Vec<u8>, Error> {
        self.text("ConsentApi_dismiss_text", (patient, delegate, valid_until)).await
    }

    async fn text(&self, method: &'static str, args: impl Encode) -> Result<Vec<u8>, Error> {
        let (best, _) = self.best().await?;
        let text: Option<Vec<u8>> = self.call(method, args, Some(best)).await?;
        text.ok_or_else(|| Error::Input("the patient key is not enrolled, or not with this custodian".into()))
    }

    /// Who may or might once sign for a patient.
    pub async fn guardians(
        &self,
        patient: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<(AccountId, Guardianship)>, Error> {
        self.call("ConsentApi_guardians", patient, at).await
    }

    /// The hospitals that read under a consent.
    pub async fn uses(
        &self,
        patient: &AccountId,
        consent: u32,
        at: Option<H256>,
    ) -> Result<Vec<(AccountId, Use)>, Error> {
        self.call("ConsentApi_uses", (patient, consent), at).await
    }

    /// All that a hospital owes, or owed and met.
    pub async fn owed(&self, hospital: &AccountId, at: H256) -> Result<Vec<Owed>, Error> {
        let (mut owed, mut after) = (Vec::new(), None);
        loop {
            let page: OwedPage = self.call("ConsentApi_owed", (hospital, &after, MAX_PAGE), Some(at)).await?;
            owed.extend(page.owed);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(owed),
            }
        }
    }
}
