//! What the pallet tells, and what it refuses.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hospital registered a device.
        Registered {
            /// The random id of the device.
            device: H256,
            /// The hospital whose device it is.
            hospital: AccountId,
            /// The key with which the device signs its readings.
            key: DeviceKey,
        },
        /// A device was given another key.
        KeyRotated {
            /// The random id of the device.
            device: H256,
            /// The key with which the device signs from now on.
            key: DeviceKey,
        },
        /// A hospital retired a device for good.
        Retired {
            /// The random id of the device.
            device: H256,
        },
        /// A device was marked suspect: nothing that it signed from a block on can be relied upon.
        MarkedSuspect {
            /// The random id of the device.
            device: H256,
            /// The first block whose readings cannot be relied upon.
            from: BlockNumber,
        },
        /// A hospital anchored a batch of readings.
        Anchored {
            /// The hospital whose devices took the readings.
            hospital: AccountId,
            /// The number of the batch, counted from 0 at each hospital.
            index: u64,
            /// The number of the first reading of the batch.
            first: u64,
            /// How many readings the batch holds.
            count: u32,
            /// How many readings the hospital's worker refused meanwhile.
            refused: u32,
            /// The Merkle root over the readings' commitments.
            root: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is not an admitted member in good standing.
        NotMember,
        /// There is no such device.
        NotFound,
        /// The device is another hospital's.
        NotOwner,
        /// A device with this id exists.
        AlreadyExists,
        /// The key is, or was, that of a device already.
        KeyAlreadyExists,
        /// The key is invalid: it is no point of its curve.
        InvalidKey,
        /// The proof is invalid: the device's key did not sign that it is this device of this hospital.
        InvalidProof,
        /// The device is retired already.
        AlreadyRetired,
        /// The device is suspect already: register it anew under another id.
        AlreadySuspect,
        /// The device has had as many keys as can be kept: register it anew under another id.
        TooManyKeys,
        /// The block is invalid: it is in the future.
        InvalidBlock,
        /// The batch is not the hospital's next one.
        NotNext,
    }
}
