//! The rules that a network begins with.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod genesis {
    /// What a network begins with.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// After how many sessions in a row the absent lose their seats; the default if 0.
        pub absence_threshold: u32,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let sessions = self.absence_threshold;
            // Written also if it is the default: a later runtime's default must not move it.
            AbsenceThreshold::<T>::put(if sessions == 0 { DefaultAbsenceThreshold::get() } else { sessions });
        }
    }
}
