//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A member registered a model, which nobody may use yet.
        ModelRegistered {
            /// The BLAKE2b-256 of the model's file.
            hash: H256,
            /// The member that registered the model.
            registrant: AccountId,
        },
        /// The council approved a model, which may be used from now on.
        ModelApproved {
            /// The BLAKE2b-256 of the model's file.
            hash: H256,
        },
        /// The council withdrew its approval of a model, which may no longer be used.
        ModelWithdrawn {
            /// The BLAKE2b-256 of the model's file.
            hash: H256,
        },
        /// A member opened a round, in which members improve a model together.
        RoundOpened {
            /// The number of the round.
            id: u32,
            /// The BLAKE2b-256 of the file of the model that is improved.
            base: H256,
            /// The member that opened the round.
            opener: AccountId,
            /// The last block in which updates are accepted.
            deadline: BlockNumber,
        },
        /// A member registered its update in a round.
        UpdateRegistered {
            /// The number of the round.
            round: u32,
            /// The member whose update it is.
            member: AccountId,
            /// The BLAKE2b-256 of the update's file.
            hash: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The signer is not an admitted member in good standing.
        NotMember,
        /// There is no such model or round.
        NotFound,
        /// The parent of the model is not registered.
        ParentNotFound,
        /// The model is registered already; or the member, or this hash, is in the round already.
        AlreadyExists,
        /// The text is invalid: a name and a licence are 1 to 64 bytes of UTF-8 without control characters.
        InvalidText,
        /// The model is approved already.
        AlreadyApproved,
        /// The model is not approved.
        NotApproved,
        /// The length is invalid: a round is open for at least one block and at most as many as the runtime
        /// allows.
        InvalidLength,
        /// The number of samples is invalid: an update is trained on at least one.
        InvalidSamples,
        /// The round's deadline has passed.
        Expired,
        /// The round holds as many updates as it may.
        TooManyUpdates,
        /// There are as many rounds as can be numbered.
        TooManyRounds,
    }
}
