//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entry was written into the log.
        Appended {
            /// The number of the entry.
            index: u64,
            /// What happened.
            kind: Kind,
            /// The hospital that acted; `None` when the council did.
            hospital: Option<AccountId>,
        },
        /// A hospital reported a batch of disclosures.
        Reported {
            /// The hospital that disclosed.
            hospital: AccountId,
            /// The number of the first disclosure of the batch.
            first: u64,
            /// How many disclosures the batch holds.
            count: u32,
            /// The Merkle root over their commitments.
            root: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The log holds as many entries as it can number.
        TooManyEntries,
        /// The batch is not the hospital's next one.
        NotNext,
    }

    impl<T: Config> Pallet<T> {
        /// Emits what happened outside a call of this pallet: an entry that another pallet appended.
        pub(crate) fn emit_outside_calls(event: Event<T>) {
            Self::deposit_event(event);
        }
    }
}
