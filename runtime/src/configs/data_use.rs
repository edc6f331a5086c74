//! How patients' data is used: the pallets about consent, records, items and devices, about models and summaries
//! made from them, and about the log that they all write to.

use super::consortium::GovernOrigin;
use crate::{
    Audit, Consent, Consortium, Emergency, Federated, Records, Runtime, Timestamp,
    limits::{
        ACCESS_SECONDS, MAX_GRANTS, MAX_LIVE_CONSENTS, MAX_OPEN_ACCESSES, MAX_OPEN_JOBS, MAX_ROUND,
        MAX_TEXT_AGE, MAX_UPDATES, MIN_READINGS_PERIOD, REVIEW_SECONDS, SETTLE_PERIOD,
    },
    parameters::JobDeadline,
};
use frame_support::traits::{ConstU32, ConstU64};

impl pallet_audit::Config for Runtime {
    type Consortium = Consortium;
    type WeightInfo = pallet_audit::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_consent::Config for Runtime {
    type Consortium = Consortium;
    type Audit = Audit;
    type Time = Timestamp;
    type GovernOrigin = GovernOrigin;
    type MaxLive = ConstU32<MAX_LIVE_CONSENTS>;
    type MaxGrants = ConstU32<MAX_GRANTS>;
    type MaxTextAge = ConstU64<MAX_TEXT_AGE>;
    type SettlePeriod = ConstU64<SETTLE_PERIOD>;
    type WeightInfo = pallet_consent::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_emergency::Config for Runtime {
    type Consortium = Consortium;
    type Consent = Consent;
    type Records = Records;
    type Audit = Audit;
    type Time = Timestamp;
    type GovernOrigin = GovernOrigin;
    type AccessSeconds = ConstU64<ACCESS_SECONDS>;
    type ReviewSeconds = ConstU64<REVIEW_SECONDS>;
    type MaxOpen = ConstU32<MAX_OPEN_ACCESSES>;
    type WeightInfo = pallet_emergency::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_records::Config for Runtime {
    type Consortium = Consortium;
    type Consent = Consent;
    type Audit = Audit;
    type WeightInfo = pallet_records::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_custody::Config for Runtime {
    type Consortium = Consortium;
    type Audit = Audit;
    type WeightInfo = pallet_custody::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_federated::Config for Runtime {
    type Consortium = Consortium;
    type Audit = Audit;
    type ApproveOrigin = GovernOrigin;
    type MaxUpdates = ConstU32<MAX_UPDATES>;
    type MaxRoundBlocks = ConstU32<MAX_ROUND>;
    type WeightInfo = pallet_federated::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_summaries::Config for Runtime {
    type Consortium = Consortium;
    type Consent = Consent;
    type Emergency = Emergency;
    type Records = Records;
    type Models = Federated;
    type Audit = Audit;
    type Deadline = JobDeadline<Runtime>;
    type MaxOpenJobs = ConstU32<MAX_OPEN_JOBS>;
    type WeightInfo = pallet_summaries::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_devices::Config for Runtime {
    type Consortium = Consortium;
    type Audit = Audit;
    type GovernOrigin = GovernOrigin;
    type MinPeriod = ConstU32<MIN_READINGS_PERIOD>;
    type WeightInfo = pallet_devices::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}
