//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital was admitted.
        Admitted {
            /// Its account.
            account: AccountId,
            /// Its name.
            name: MemberName,
        },
        /// A hospital was evicted.
        Evicted {
            /// Its account.
            account: AccountId,
            /// Whether staking has chilled all its validators.
            chilled: bool,
        },
        /// A hospital set its worker key.
        WorkerKeySet {
            /// Its account.
            account: AccountId,
            /// The key, sr25519.
            key: H256,
        },
        /// A hospital's quotas changed.
        QuotasSet {
            /// Its account.
            account: AccountId,
            /// What it has now.
            quotas: Quotas,
        },
        /// An account of a hospital stands as a validator.
        Validating {
            /// The account.
            account: AccountId,
            /// What it keeps of rewards before nominators share them.
            commission: Perbill,
        },
        /// The council dispatched a call as Root.
        Governed {
            /// BLAKE2b-256 of the encoded call.
            call: H256,
            /// How it ended.
            result: DispatchResult,
        },
        /// A hospital was suspended.
        Suspended {
            /// Its account.
            account: AccountId,
            /// The block from which on it is in good standing again.
            until: BlockNumber,
            /// Whether staking has chilled all its validators.
            chilled: bool,
        },
        /// A hospital's suspension was lifted.
        SuspensionLifted {
            /// Its account.
            account: AccountId,
        },
        /// When a hospital's membership ends was set.
        ExpirySet {
            /// Its account.
            account: AccountId,
            /// The second from which on it is no member in good standing; `None` if it does not end.
            expires_at: Option<UnixSeconds>,
        },
        /// A hospital registered a validator account.
        ValidatorAdded {
            /// The hospital.
            hospital: AccountId,
            /// The validator account.
            account: AccountId,
        },
        /// A hospital gave up a validator account.
        ValidatorRemoved {
            /// The hospital.
            hospital: AccountId,
            /// The validator account.
            account: AccountId,
            /// Whether staking has chilled it.
            chilled: bool,
        },
        /// A worker key was marked suspect.
        WorkerKeySuspect {
            /// The hospital whose key it is or was.
            hospital: AccountId,
            /// The key.
            key: H256,
            /// The block from which on nothing it signed can be relied upon.
            from: BlockNumber,
        },
        /// A hospital said which nodes are its own.
        NodesSet {
            /// The hospital.
            hospital: AccountId,
            /// Their peer ids.
            nodes: Vec<PeerId>,
        },
        /// An account of a hospital votes in elections.
        Nominating {
            /// The account.
            account: AccountId,
            /// Whom it votes for.
            targets: Vec<AccountId>,
        },
    }
}

#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// The signer is not a member in good standing, nor, where those may call, a validator account of one.
        NotAuthorized,
        /// No member has this account, or the hospital does not have this validator account or key.
        NotFound,
        /// This account is a member's or its validator's already, or this key or peer id is or was another member's.
        AlreadyExists,
        /// A name is 1 to 64 bytes of printable ASCII without `"`.
        InvalidName,
        /// Another member has this name.
        NameTaken,
        /// There are as many members as may be.
        TooManyMembers,
        /// The treasury cannot pay the endowments and stay alive.
        TreasuryTooLow,
        /// Today's quota is used up.
        QuotaExceeded,
        /// A suspension is at least a block long, and at most [`Config::MaxSuspension`].
        InvalidLength,
        /// The member is not suspended.
        NotSuspended,
        /// The hospital has as many validator accounts as it may.
        TooManyValidators,
        /// The block is in the future.
        InvalidBlock,
        /// The key was marked suspect, and is never to be used again.
        SuspectKey,
        /// A peer id is 1 to 64 ASCII letters and digits.
        InvalidPeerId,
    }
}
