//! What every pallet reads of the chain that it runs on.

/// Gives the `Pallet` of a crate those of these functions that are named:
/// - `block`: the number of the block that is being built or asked about, a
///   [`BlockNumber`](crate::BlockNumber);
/// - `seconds`: that block's time by `Config::Time`, in [`UnixSeconds`](crate::UnixSeconds);
/// - `genesis_hash`: the hash of block 0, which tells chains apart.
///
/// It stands in the pallet's `lib.rs`: `galen_primitives::chain_reads!(block, genesis_hash);`. This is a
/// macro, and no trait, since what it reads is frame's, on which neither the workers nor the clients depend.
#[macro_export]
macro_rules! chain_reads {
    (@ block) => {
        /// The number of the block that is being built or asked about.
        pub(crate) fn block() -> $crate::BlockNumber {
            sp_runtime::SaturatedConversion::saturated_into(frame_system::Pallet::<T>::block_number())
        }
    };
    (@ seconds) => {
        /// The time of the block that is being built or asked about, in Unix seconds.
        pub(crate) fn seconds() -> $crate::UnixSeconds {
            <T::Time as frame_support::traits::UnixTime>::now().as_secs()
        }
    };
    (@ genesis_hash) => {
        /// The hash of block 0, which the chain keeps for good.
        pub(crate) fn genesis_hash() -> $crate::H256 {
            frame_system::Pallet::<T>::block_hash(<frame_system::pallet_prelude::BlockNumberFor<T> as Default>::default())
        }
    };
    ($($name:ident),+) => {
        impl<T: Config> Pallet<T> {
            $($crate::chain_reads!(@ $name);)+
        }
    };
}
