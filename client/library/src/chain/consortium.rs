//! Member hospitals: worker keys, validators, seats, nodes.

use super::Chain;
use crate::Error;
use galen_primitives::{
    AccountId, H256,
    member::{Member, PeerId, Seats, ValidatorStatus, WorkerKeyPeriod, WorkerKeyUse},
};
use galen_proofs::storage_key as key;

impl Chain {
    /// All member hospitals.
    pub async fn members(&self, at: Option<H256>) -> Result<Vec<(AccountId, Member)>, Error> {
        self.call("ConsortiumApi_members", (), at).await
    }

    /// One member hospital.
    pub async fn member(&self, account: &AccountId, at: Option<H256>) -> Result<Option<Member>, Error> {
        self.call("ConsortiumApi_member", account, at).await
    }

    /// The validator accounts of all members.
    pub async fn validators(&self, at: Option<H256>) -> Result<Vec<ValidatorStatus>, Error> {
        self.call("ConsortiumApi_validators", (), at).await
    }

    /// The seats and the bounds on them.
    pub async fn seats(&self, at: Option<H256>) -> Result<Seats, Error> {
        self.call("ConsortiumApi_seats", (), at).await
    }

    /// The worker keys that a hospital has had, the oldest first.
    pub async fn worker_keys(
        &self,
        hospital: &AccountId,
        at: Option<H256>,
    ) -> Result<Vec<WorkerKeyPeriod>, Error> {
        self.call("ConsortiumApi_worker_keys", hospital, at).await
    }

    /// The nodes that members' nodes talk to; `None` if any peer may join.
    pub async fn admitted_nodes(&self, at: Option<H256>) -> Result<Option<Vec<(AccountId, PeerId)>>, Error> {
        self.call("ConsortiumApi_admitted_nodes", (), at).await
    }

    /// Whose a worker key is or was; `None` if no hospital has ever set it.
    pub async fn worker_key_use(&self, worker: H256, at: H256) -> Result<Option<WorkerKeyUse>, Error> {
        let key = key::blake2("Consortium", "WorkerKeys", worker.as_bytes());
        self.stored("Consortium.WorkerKeys", key, at).await
    }

    /// All worker keys that hospitals have ever set.
    pub async fn worker_key_uses(&self, at: H256) -> Result<Vec<(H256, WorkerKeyUse)>, Error> {
        let mut uses = Vec::new();
        for entry in self.stored_keys(&key::item("Consortium", "WorkerKeys"), at).await? {
            // Blake2_128Concat: the key itself stands at the end.
            let worker =
                entry.last_chunk::<32>().copied().ok_or(Error::Undecodable("Consortium.WorkerKeys"))?;
            let used = self.stored("Consortium.WorkerKeys", entry, at).await?;
            uses.extend(used.map(|used| (H256(worker), used)));
        }
        Ok(uses)
    }
}
