//! BABE, GRANDPA, sessions, staking, offences.
//!
//! Who may validate, in layers: (1) the base call filter refuses `Staking::validate` and `Staking::nominate`;
//! (2) `Consortium::validate` and `nominate` check membership; (3) [`MemberOnly`] knows no validator id for
//! outsiders, so that they cannot set session keys; (4) the [election](super::election) goes through
//! hospitals in good standing and their accounts, and gives none of them more than its share of seats; (5)
//! eviction and suspension chill a hospital's accounts and force a new era; (6) where an election fails,
//! [sessions](super::sessions) go on without them.

use super::{
    consortium::GovernOrigin,
    election::{AdmittedElection, AtStakeCap},
    fees::ToTreasury,
    sessions::StandingOnly,
};
use crate::{
    AccountId, Babe, Balance, Balances, Conduct, Consortium, Historical, ImOnline, Offences, Runtime,
    RuntimeEvent, RuntimeHoldReason, SLOT_MILLIS, Session, SessionKeys, Staking, Timestamp,
    limits::{BondingDuration, MAX_TARGETS, MaxBackersPerWinner, MaxValidators},
    parameters::{EpochDuration, EraLength, SlashDelay},
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64, ConstU128, FindAuthor, Get, KeyOwnerProofSystem},
};
use sp_consensus_babe::digests::PreDigest;
use sp_core::crypto::KeyTypeId;
use sp_runtime::{
    traits::{Convert, OpaqueKeys},
    transaction_validity::TransactionPriority,
};
use sp_staking::currency_to_vote::U128CurrencyToVote;

/// One slot in four has a primary author by lot; the others have a secondary author in turn.
pub const BABE_GENESIS_EPOCH_CONFIG: sp_consensus_babe::BabeEpochConfiguration =
    sp_consensus_babe::BabeEpochConfiguration {
        c: (1, 4),
        allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
    };

parameter_types! {
    pub const ImOnlineUnsignedPriority: TransactionPriority = TransactionPriority::MAX;
}

/// An equivocation can be reported for so many blocks: as long as the stake behind it stays bonded.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
    fn get() -> u64 {
        BondedSessions::get().saturating_mul(EpochDuration::<Runtime>::get())
    }
}

/// A bonding duration has so many sessions; so long GRANDPA remembers which session an authority set belonged
/// to.
pub struct BondedSessions;

impl Get<u64> for BondedSessions {
    fn get() -> u64 {
        u64::from(BondingDuration::get()).saturating_mul(EraLength::<Runtime>::get().into())
    }
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochDuration<Runtime>;
    type ExpectedBlockTime = ConstU64<SLOT_MILLIS>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = MaxValidators;
    type MaxNominators = MaxBackersPerWinner;
    type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_babe::AuthorityId)>>::Proof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxValidators;
    type MaxNominators = MaxBackersPerWinner;
    type MaxSetIdSessionEntries = BondedSessions;
    type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_grandpa::AuthorityId)>>::Proof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

/// Finds the account that authored the block.
///
/// A block's digest names its author by its index among the validators of the block's epoch. The first block
/// of an epoch is asked for its author before the sessions change: its validators are still queued then, and
/// the same index among those of the session before would be another validator, who would be counted as
/// present and rewarded.
pub struct BlockAuthor;

impl FindAuthor<AccountId> for BlockAuthor {
    fn find_author<'a, I>(digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (sp_runtime::ConsensusEngineId, &'a [u8])>,
    {
        let (_, mut data) =
            digests.into_iter().find(|(engine, _)| *engine == sp_consensus_babe::BABE_ENGINE_ID)?;
        let digest = <PreDigest as codec::Decode>::decode(&mut data).ok()?;
        let index = usize::try_from(digest.authority_index()).ok()?;
        let epoch_end = Babe::current_epoch_start().saturating_add(EpochDuration::<Runtime>::get());
        if digest.slot() < epoch_end {
            Session::validators().into_iter().nth(index)
        } else {
            let queued = pallet_session::QueuedKeys::<Runtime>::get();
            queued.into_iter().nth(index).map(|(validator, _)| validator)
        }
    }
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = BlockAuthor;
    type EventHandler = (Staking, ImOnline);
}

/// An account of a hospital in good standing, its own or a registered one, is its validator id; an outsider
/// has none.
pub struct MemberOnly;

impl Convert<AccountId, Option<AccountId>> for MemberOnly {
    fn convert(account: AccountId) -> Option<AccountId> {
        Consortium::may_validate(&account).then_some(account)
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = MemberOnly;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, StandingOnly>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = pallet_staking::UnitIdentificationOf<Self>;
}

/// Staking is filled with so much when its calls are benchmarked: as much as the election takes.
pub struct BenchmarkingLimits;

impl pallet_staking::BenchmarkingConfig for BenchmarkingLimits {
    type MaxValidators = MaxValidators;
    type MaxNominators = MaxBackersPerWinner;
}

impl pallet_staking::Config for Runtime {
    type OldCurrency = Balances;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CurrencyBalance = Balance;
    type UnixTime = Timestamp;
    type CurrencyToVote = U128CurrencyToVote;
    type ElectionProvider = AdmittedElection;
    type GenesisElectionProvider = AdmittedElection;
    type NominationsQuota = pallet_staking::FixedNominationsQuota<MAX_TARGETS>;
    type HistoryDepth = ConstU32<84>;
    type RewardRemainder = pallet_conduct::ReturnedToTreasury<Runtime>;
    type RuntimeEvent = RuntimeEvent;
    type Slash = ToTreasury;
    type Reward = pallet_conduct::PaidFromPot<Runtime>;
    type SessionsPerEra = EraLength<Runtime>;
    type BondingDuration = BondingDuration;
    type SlashDeferDuration = SlashDelay<Runtime>;
    type AdminOrigin = GovernOrigin;
    type SessionInterface = Self;
    // No inflation: what the council has set comes out of the treasury.
    type EraPayout = Conduct;
    type NextNewSession = Session;
    type MaxExposurePageSize = ConstU32<256>;
    type MaxValidatorSet = MaxValidators;
    type VoterList = pallet_staking::UseNominatorsAndValidatorsMap<Self>;
    type TargetList = pallet_staking::UseValidatorsMap<Self>;
    type MaxUnlockingChunks = ConstU32<32>;
    type MaxControllersInDeprecationBatch = ConstU32<100>;
    type EventListeners = ();
    // Inverted in pallet-staking: what it contains is refused.
    type Filter = AtStakeCap;
    type BenchmarkingConfig = BenchmarkingLimits;
    type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    // Logs each offence and hands it on to staking.
    type OnOffenceHandler = Conduct;
}

impl pallet_im_online::Config for Runtime {
    type AuthorityId = pallet_im_online::sr25519::AuthorityId;
    type MaxKeys = MaxValidators;
    type MaxPeerInHeartbeats = ConstU32<10_000>;
    type RuntimeEvent = RuntimeEvent;
    type ValidatorSet = Historical;
    type NextSessionRotation = Babe;
    // Not to pallet-offences: absence is not slashed, it costs the seat.
    type ReportUnresponsiveness = Conduct;
    type UnsignedPriority = ImOnlineUnsignedPriority;
    type WeightInfo = pallet_im_online::weights::SubstrateWeight<Runtime>;
}

impl pallet_authority_discovery::Config for Runtime {
    type MaxAuthorities = MaxValidators;
}

/// Proves which validator's `key` of `kind` is, in the session that it takes part in; encoded for reports.
pub fn key_ownership_proof<K: codec::Codec>(kind: KeyTypeId, key: K) -> Option<Vec<u8>>
where
    Historical: KeyOwnerProofSystem<(KeyTypeId, K)>,
    <Historical as KeyOwnerProofSystem<(KeyTypeId, K)>>::Proof: codec::Encode,
{
    Historical::prove((kind, key)).map(|proof| codec::Encode::encode(&proof))
}
