//! Galen's pallets about patients, records, items, models and summaries, and the log they all write to.

use super::consortium::GovernOrigin;
use crate::{
    Audit, BlockNumber, Consent, Consortium, DAYS, Emergency, Federated, Records, Runtime, RuntimeCall,
    Timestamp,
};
use frame_support::traits::{ConstU32, ConstU64};

/// Blocks for which a federated round may be open: thirty days.
pub const MAX_ROUND: BlockNumber = 30 * DAYS;

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
    type MaxLive = ConstU32<128>;
    type MaxGrants = ConstU32<100>;
    // Seconds: a text that is signed is relayed within a day.
    type MaxTextAge = ConstU64<86_400>;
    // Seconds: thirty days, as long as GDPR, Art. 12(3), allows for an answer.
    type SettlePeriod = ConstU64<{ 30 * 86_400 }>;
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
    // Seconds: four hours, after which the glass must be broken anew.
    type AccessSeconds = ConstU64<{ 4 * 3_600 }>;
    // Seconds: three days, so that a weekend does not make a review late.
    type ReviewSeconds = ConstU64<{ 3 * 86_400 }>;
    type MaxOpen = ConstU32<16>;
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
    type MaxUpdates = ConstU32<256>;
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
    type Deadline = crate::network::JobDeadline<Runtime>;
    type MaxOpenJobs = ConstU32<64>;
    type WeightInfo = pallet_summaries::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

impl pallet_devices::Config for Runtime {
    type Consortium = Consortium;
    type Audit = Audit;
    type GovernOrigin = GovernOrigin;
    // Ten seconds: batches of readings pay nothing.
    type MinPeriod = ConstU32<5>;
    type WeightInfo = pallet_devices::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::World;
}

/// Whether a call is one of the healthcare pallets'.
pub fn is_healthcare_call(call: &RuntimeCall) -> bool {
    matches!(
        call,
        RuntimeCall::Consent(_)
            | RuntimeCall::Records(_)
            | RuntimeCall::Custody(_)
            | RuntimeCall::Federated(_)
            | RuntimeCall::Summaries(_)
            | RuntimeCall::Devices(_)
            | RuntimeCall::Emergency(_)
    )
}
