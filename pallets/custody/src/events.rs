//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A member registered an item that it holds.
        Registered {
            /// The item.
            id: H256,
            /// The member.
            holder: AccountId,
            /// What the item is.
            kind: ItemKind,
        },
        /// A holder offered an item to another member.
        Offered {
            /// The item.
            id: H256,
            /// Who holds it.
            holder: AccountId,
            /// Who may accept it.
            to: AccountId,
        },
        /// A member accepted an item that was offered to it, and holds it now.
        Accepted {
            /// The item.
            id: H256,
            /// Who held it before.
            from: AccountId,
            /// Who holds it now.
            holder: AccountId,
        },
        /// A holder withdrew an offer.
        OfferWithdrawn {
            /// The item.
            id: H256,
            /// Who holds it.
            holder: AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not a member in good standing.
        NotMember,
        /// An item's id is all zeros.
        InvalidId,
        /// An item with this id exists.
        AlreadyExists,
        /// No item has this id.
        NotFound,
        /// The caller does not hold the item.
        NotHolder,
        /// The receiver is no member in good standing, or holds the item already.
        InvalidReceiver,
        /// The item is offered already: withdraw that offer first.
        AlreadyOffered,
        /// The item is not offered, or not to the caller.
        NotOffered,
    }
}
