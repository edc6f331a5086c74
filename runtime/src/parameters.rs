//! The parameters in which networks differ: how long epochs, eras and a summary job's time are, when slashes
//! are due, and whether nodes are admitted. They are written at genesis and never changed after, so that one
//! runtime serves every network.
//!
//! To the runtime this pallet is `Network`: storage and genesis have that name.
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

    /// There is nothing to configure.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// An epoch has an hour of 2 s slots before genesis is built, and for tools that read metadata without a
    /// state.
    #[pallet::type_value]
    pub fn DefaultEpochBlocks() -> u32 {
        1_800
    }

    /// An era has six sessions by default, as [`DefaultEpochBlocks`] says.
    #[pallet::type_value]
    pub fn DefaultSessionsPerEra() -> u32 {
        6
    }

    /// An epoch, which is a session, has so many slots.
    #[pallet::storage]
    pub type EpochBlocks<T: Config> = StorageValue<_, u32, ValueQuery, DefaultEpochBlocks>;

    /// An era has so many sessions; validators are elected once in each.
    #[pallet::storage]
    pub type SessionsPerEra<T: Config> = StorageValue<_, u32, ValueQuery, DefaultSessionsPerEra>;

    /// A summary is answered within five minutes of 2 s slots by default, as [`DefaultEpochBlocks`] says.
    #[pallet::type_value]
    pub fn DefaultJobBlocks() -> u32 {
        150
    }

    /// A summary must be answered within so many blocks after its request.
    #[pallet::storage]
    pub type JobBlocks<T: Config> = StorageValue<_, u32, ValueQuery, DefaultJobBlocks>;

    /// A slash waits a quarter of the time for which stake stays bonded by default, as [`DefaultEpochBlocks`]
    /// says.
    #[pallet::type_value]
    pub fn DefaultSlashDeferEras() -> u32 {
        7
    }

    /// A slash comes so many eras after its offence, in which the council can cancel it; with 0 it comes with
    /// the report.
    #[pallet::storage]
    pub type SlashDeferEras<T: Config> = StorageValue<_, u32, ValueQuery, DefaultSlashDeferEras>;

    /// Nodes talk to members' nodes only, if this is set (`ConsortiumApi_admitted_nodes` says to which).
    #[pallet::storage]
    pub type MembersOnlyPeers<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// Networks differ in these numbers.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Slots of an epoch; the default if 0.
        pub epoch_blocks: u32,
        /// Sessions of an era; the default if 0.
        pub sessions_per_era: u32,
        /// Blocks in which a summary must be answered; the default if 0.
        pub job_blocks: u32,
        /// Eras between an offence and its slash, fewer than stake stays bonded for; the default if left out,
        /// and 0 is 0.
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
            // Left out of a genesis, the defaults are written all the same: a later runtime's default must
            // not move them.
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

/// Tells BABE how many slots an epoch has.
pub struct EpochDuration<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u64> for EpochDuration<T> {
    fn get() -> u64 {
        EpochBlocks::<T>::get().into()
    }
}

/// Tells staking how many sessions an era has.
pub struct EraLength<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for EraLength<T> {
    fn get() -> u32 {
        SessionsPerEra::<T>::get()
    }
}

/// Tells staking how many eras lie between an offence and its slash.
pub struct SlashDelay<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for SlashDelay<T> {
    fn get() -> u32 {
        SlashDeferEras::<T>::get()
    }
}

/// Tells pallet-summaries within how many blocks a summary must be answered.
pub struct JobDeadline<T>(core::marker::PhantomData<T>);

impl<T: Config> frame_support::traits::Get<u32> for JobDeadline<T> {
    fn get() -> u32 {
        pallet::JobBlocks::<T>::get()
    }
}
