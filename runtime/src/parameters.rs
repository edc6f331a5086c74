//! How long epochs, eras and a summary job's time are, when slashes are due, and whether nodes are admitted: written at
//! genesis, never changed after, so that one runtime serves every network.
//!
//! There are no calls, events or errors. What never goes on chain: nothing is kept here but a few numbers.

pub use pallet::*;

// What the macro generates expects and converts; nothing written here does.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::limits::BondingDuration;
    use frame_support::pallet_prelude::*;

    // The rehearsed upgrade's migration raises it, as a real one would.
    const STORAGE_VERSION: StorageVersion =
        StorageVersion::new(if cfg!(feature = "upgrade-rehearsal") { 1 } else { 0 });

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Nothing to configure.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// What is read before genesis is built, and by tools that read metadata without a state: an hour of 2 s slots.
    #[pallet::type_value]
    pub fn DefaultEpochBlocks() -> u32 {
        1_800
    }

    /// See [`DefaultEpochBlocks`]: a day of epochs of an hour would be 24; six hours are the default.
    #[pallet::type_value]
    pub fn DefaultSessionsPerEra() -> u32 {
        6
    }

    /// Slots of an epoch, which is a session.
    #[pallet::storage]
    pub type EpochBlocks<T: Config> = StorageValue<_, u32, ValueQuery, DefaultEpochBlocks>;

    /// Sessions of an era: validators are elected once in each.
    #[pallet::storage]
    pub type SessionsPerEra<T: Config> = StorageValue<_, u32, ValueQuery, DefaultSessionsPerEra>;

    /// See [`DefaultEpochBlocks`]: five minutes of 2 s slots.
    #[pallet::type_value]
    pub fn DefaultJobBlocks() -> u32 {
        150
    }

    /// Blocks in which a summary must be answered after its request.
    #[pallet::storage]
    pub type JobBlocks<T: Config> = StorageValue<_, u32, ValueQuery, DefaultJobBlocks>;

    /// See [`DefaultEpochBlocks`]: a quarter of the time for which stake stays bonded.
    #[pallet::type_value]
    pub fn DefaultSlashDeferEras() -> u32 {
        7
    }

    /// Eras between an offence and its slash, in which the council can cancel it; 0: the slash comes with the report.
    #[pallet::storage]
    pub type SlashDeferEras<T: Config> = StorageValue<_, u32, ValueQuery, DefaultSlashDeferEras>;

    /// Whether nodes talk to members' nodes only (`ConsortiumApi_admitted_nodes` says to which).
    #[pallet::storage]
    pub type MembersOnlyPeers<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// What differs between networks.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Slots of an epoch; the default if 0.
        pub epoch_blocks: u32,
        /// Sessions of an era; the default if 0.
        pub sessions_per_era: u32,
        /// Blocks in which a summary must be answered; the default if 0.
        pub job_blocks: u32,
        /// Eras between an offence and its slash, fewer than stake stays bonded for; the default if left out, and 0 is
        /// 0.
        pub slash_defer_eras: Option<u32>,
        /// Whether nodes talk to members' nodes only.
        pub members_only_peers: bool,
        #[serde(skip)]
        #[doc(hidden)]
        pub config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // Left out of a genesis, the defaults are written all the same: a later runtime's default must not move them.
            let or = |value: u32, default: u32| if value == 0 { default } else { value };
            EpochBlocks::<T>::put(or(self.epoch_blocks, DefaultEpochBlocks::get()));
            SessionsPerEra::<T>::put(or(self.sessions_per_era, DefaultSessionsPerEra::get()));
            JobBlocks::<T>::put(or(self.job_blocks, DefaultJobBlocks::get()));
            let slash_defer_eras = self.slash_defer_eras.unwrap_or_else(DefaultSlashDeferEras::get);
            assert!(
                slash_defer_eras < BondingDuration::get(),
                "network: slash_defer_eras must be less than the eras for which stake stays bonded"
            );
            SlashDeferEras::<T>::put(slash_defer_eras);
            MembersOnlyPeers::<T>::put(self.members_only_peers);
        }
    }
}

/// Slots of an epoch, for BABE.
pub struct EpochDuration<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u64> for EpochDuration<T> {
    fn get() -> u64 {
        EpochBlocks::<T>::get().into()
    }
}

/// Sessions of an era, for staking.
pub struct EraLength<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for EraLength<T> {
    fn get() -> u32 {
        SessionsPerEra::<T>::get()
    }
}

/// Eras between an offence and its slash, for staking.
pub struct SlashDelay<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for SlashDelay<T> {
    fn get() -> u32 {
        SlashDeferEras::<T>::get()
    }
}

/// Blocks in which a summary must be answered, for pallet-summaries.
pub struct JobDeadline<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for JobDeadline<T> {
    fn get() -> u32 {
        pallet::JobBlocks::<T>::get()
    }
}
