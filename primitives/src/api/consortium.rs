//! Hospitals, their validators and their nodes, as clients and workers ask for them.

use crate::{
    AccountId,
    member::{Member, PeerId, Seats, ValidatorStatus, WorkerKeyPeriod},
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Admitted hospitals.
    pub trait ConsortiumApi {
        /// All members, by account, in good standing or not.
        fn members() -> Vec<(AccountId, Member)>;
        /// One member.
        fn member(account: AccountId) -> Option<Member>;
        /// The validator accounts of all members, by hospital, its own first; also of those not in good
        /// standing. At the end, who is still in the set and no longer any hospital's; it stands as its own
        /// hospital.
        fn validators() -> Vec<ValidatorStatus>;
        /// The validators' seats and the bounds on them.
        fn seats() -> Seats;
        /// The worker keys that a hospital has had, the oldest first; the oldest of very many are forgotten.
        fn worker_keys(account: AccountId) -> Vec<WorkerKeyPeriod>;
        /// The nodes of members in good standing, by hospital; `None` if the network is open to any peer.
        fn admitted_nodes() -> Option<Vec<(AccountId, PeerId)>>;
    }
}
