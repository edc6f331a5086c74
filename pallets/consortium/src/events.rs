//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// The council admitted a hospital to the consortium.
        Admitted {
            /// The hospital's account.
            account: AccountId,
            /// The hospital's name.
            name: MemberName,
        },
        /// The council evicted a hospital from the consortium.
        Evicted {
            /// The hospital's account.
            account: AccountId,
            /// Whether staking has chilled all its validators.
            chilled: bool,
        },
        /// A hospital set the key that signs the receipts of its worker.
        WorkerKeySet {
            /// The hospital's account.
            account: AccountId,
            /// The sr25519 public key.
            key: H256,
        },
        /// The council set a hospital's quotas.
        QuotasSet {
            /// The hospital's account.
            account: AccountId,
            /// The quotas that the hospital has now.
            quotas: Quotas,
        },
        /// An account of a hospital became a candidate for validator.
        Validating {
            /// The candidate's account.
            account: AccountId,
            /// The part of rewards that the candidate keeps before nominators share them.
            commission: Perbill,
        },
        /// The council dispatched a call as Root.
        Governed {
            /// BLAKE2b-256 of the encoded call.
            call: H256,
            /// How the call ended.
            result: DispatchResult,
        },
        /// The council suspended a hospital.
        Suspended {
            /// The hospital's account.
            account: AccountId,
            /// The block from which on the hospital is in good standing again.
            until: BlockNumber,
            /// Whether staking has chilled all its validators.
            chilled: bool,
        },
        /// The council lifted a hospital's suspension.
        SuspensionLifted {
            /// The hospital's account.
            account: AccountId,
        },
        /// The council set when a hospital's membership ends.
        ExpirySet {
            /// The hospital's account.
            account: AccountId,
            /// The Unix second from which on the hospital is no member in good standing; `None` if its
            /// membership does not end.
            expires_at: Option<UnixSeconds>,
        },
        /// A hospital registered another account with which it may validate.
        ValidatorAdded {
            /// The hospital's own account.
            hospital: AccountId,
            /// The validator account.
            account: AccountId,
        },
        /// A hospital gave up a validator account.
        ValidatorRemoved {
            /// The hospital's own account.
            hospital: AccountId,
            /// The validator account.
            account: AccountId,
            /// Whether staking has chilled the validator account.
            chilled: bool,
        },
        /// A worker key was marked suspect: nothing that it signed from a block on can be relied upon.
        WorkerKeySuspect {
            /// The hospital whose key it is or was.
            hospital: AccountId,
            /// The sr25519 public key.
            key: H256,
            /// The first block in which what the key signed cannot be relied upon.
            from: BlockNumber,
        },
        /// A hospital said which nodes are its own.
        NodesSet {
            /// The hospital.
            hospital: AccountId,
            /// The peer ids of all its nodes.
            nodes: Vec<PeerId>,
        },
        /// An account of a hospital set for whom it votes in elections of validators.
        Nominating {
            /// The account that votes.
            account: AccountId,
            /// The accounts that it votes for.
            targets: Vec<AccountId>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The signer is not a member in good standing, nor, where those may call, a validator account of
        /// one.
        NotMember,
        /// No member has this account, or the hospital does not have this validator account or key.
        NotFound,
        /// This account is a member's or its validator's already, or this key or peer id is or was another
        /// member's.
        AlreadyExists,
        /// The name is invalid: it must be 1 to 64 bytes of printable ASCII without `"`.
        InvalidName,
        /// Another member has this name already, be it with other capital letters.
        NameAlreadyExists,
        /// The consortium has as many members as it may.
        TooManyMembers,
        /// The treasury cannot pay the endowments and stay alive.
        InsufficientTreasury,
        /// The member has relayed as many grants today as its quota allows.
        TooManyGrants,
        /// The length is invalid: a suspension is at least one block long, and at most `MaxSuspension`
        /// blocks.
        InvalidLength,
        /// The member is not suspended.
        NotSuspended,
        /// The hospital has as many validator accounts as it may.
        TooManyValidators,
        /// The block is invalid: it is in the future.
        InvalidBlock,
        /// The key is suspect already, and is never to be used again.
        AlreadySuspect,
        /// The peer id is invalid: it must be 1 to 64 ASCII letters and digits.
        InvalidPeerId,
    }
}
