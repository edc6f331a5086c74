//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// The council set after how many sessions in a row an absent validator loses its seat.
        AbsenceThresholdSet {
            /// The number of sessions.
            sessions: u32,
        },
        /// The council set what the validators of an era get together.
        EraRewardSet {
            /// The amount for one era, in the smallest unit.
            amount: BalanceOf<T>,
        },
        /// A validator was absent for too long: it lost its seat and is no candidate any more.
        SeatLost {
            /// The validator's account.
            validator: AccountId,
            /// The hospital whose validator it is.
            hospital: Option<AccountId>,
            /// For how many sessions in a row the validator has been absent.
            sessions: u32,
        },
        /// So many validators were absent in a session that the network is at fault: it counts against none
        /// of them.
        AbsenceExcused {
            /// The session.
            session: SessionIndex,
            /// How many validators were absent.
            absent: u32,
            /// How many validators there were.
            validators: u32,
        },
        /// A proved offence of a validator was reported and handed on to be punished.
        OffenceReported {
            /// The validator's account.
            validator: AccountId,
            /// The hospital whose validator it is.
            hospital: Option<AccountId>,
            /// The part of the stake behind the validator that is to be slashed.
            fraction: Perbill,
            /// The session of the offence.
            session: SessionIndex,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The threshold is invalid: it must be at least 1 session.
        InvalidThreshold,
    }

    impl<T: Config> Pallet<T> {
        /// Emits what happened outside a call of this pallet: at a session's end, or when an offence was
        /// reported.
        pub(crate) fn emit_outside_calls(event: Event<T>) {
            Self::deposit_event(event);
        }
    }
}
