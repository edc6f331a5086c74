//! The runtime's version.

use crate::apis;
use sp_version::{RuntimeVersion, runtime_version};

// The macro that reads the version wants it written out, so that a rehearsed upgrade's cannot be computed
// from it.
macro_rules! version {
    ($spec_version:tt) => {
        /// What clients need to know of this runtime's version.
        #[runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: alloc::borrow::Cow::Borrowed("galen"),
            impl_name: alloc::borrow::Cow::Borrowed("galen"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: apis::RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "upgrade-rehearsal"))]
version!(1);
// One more than above.
#[cfg(feature = "upgrade-rehearsal")]
version!(2);
