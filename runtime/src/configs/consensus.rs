//! BABE, GRANDPA, sessions, staking, the election, offences.
//!
//! Who may validate, in layers: (1) the base call filter refuses `Staking::validate`; (2) `Consortium::validate` checks
//! membership; (3) [`MemberOnly`] knows no validator id for outsiders, so that they cannot set session keys; (4)
//! [`AdmittedElection`] elects among members with session keys only; (5) eviction chills the validator and forces a new
//! era. A member is one account and has one seat: no hospital can outweigh others in BABE or GRANDPA by stake.

use super::{
    consortium::{GovernOrigin, is_member},
    fees::ToTreasury,
};
use crate::{
    AccountId, Babe, Balance, Balances, BlockNumber, GLN, Historical, ImOnline, Offences, Runtime,
    RuntimeEvent, RuntimeHoldReason, SLOT_MILLIS, Session, SessionKeys, Staking, Timestamp,
    network::{EpochDuration, EraLength},
};
use alloc::vec::Vec;
use frame_election_provider_support::{
    BoundedSupportsOf, DataProviderBounds, ElectionDataProvider, ElectionProvider, PageIndex,
    SequentialPhragmen, VoterOf,
    bounds::{ElectionBounds, ElectionBoundsBuilder},
    data_provider, onchain,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, ConstU128, FindAuthor, Get, KeyOwnerProofSystem, Nothing},
};
use sp_core::crypto::KeyTypeId;
use sp_runtime::{
    Perbill,
    traits::{Convert, OpaqueKeys},
    transaction_validity::TransactionPriority,
};
use sp_staking::{EraIndex, currency_to_vote::U128CurrencyToVote};

/// The least that a nominator must bond, so that the election's bounds cannot be filled up cheaply.
pub const MIN_NOMINATOR_BOND: Balance = 100 * GLN;
/// The least that a validator must bond.
pub const MIN_VALIDATOR_BOND: Balance = 10_000 * GLN;
/// Validators at once, at most.
pub const MAX_VALIDATORS: u32 = 100;
/// Voters of an election, at most.
pub const MAX_VOTERS: u32 = 1_000;
/// One slot in four has a primary author by lot; the others have a secondary author in turn.
pub const BABE_GENESIS_EPOCH_CONFIG: sp_consensus_babe::BabeEpochConfiguration =
    sp_consensus_babe::BabeEpochConfiguration {
        c: (1, 4),
        allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
    };

parameter_types! {
    pub const BondingDuration: EraIndex = 28;
    pub const SlashDeferDuration: EraIndex = 7;
    pub const MaxValidators: u32 = MAX_VALIDATORS;
    pub const MaxBackersPerWinner: u32 = MAX_VOTERS;
    pub const ImOnlineUnsignedPriority: TransactionPriority = TransactionPriority::MAX;
    pub Bounds: ElectionBounds = ElectionBoundsBuilder::default()
        .voters_count(MAX_VOTERS.into())
        .targets_count(MAX_VALIDATORS.into())
        .build();
}

/// For how many blocks an equivocation can be reported: as long as the stake behind it stays bonded.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
    fn get() -> u64 {
        BondedSessions::get().saturating_mul(EpochDuration::<Runtime>::get())
    }
}

/// The sessions of a bonding duration: so long GRANDPA remembers which session an authority set belonged to.
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

/// The account that authored the block, found by its index among the session's validators.
pub struct BlockAuthor;

impl FindAuthor<AccountId> for BlockAuthor {
    fn find_author<'a, I>(digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (sp_runtime::ConsensusEngineId, &'a [u8])>,
    {
        pallet_session::FindAccountFromAuthorIndex::<Runtime, Babe>::find_author(digests)
    }
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = BlockAuthor;
    type EventHandler = (Staking, ImOnline);
}

/// A member's account is its validator id; an outsider has none.
pub struct MemberOnly;

impl Convert<AccountId, Option<AccountId>> for MemberOnly {
    fn convert(account: AccountId) -> Option<AccountId> {
        is_member(&account).then_some(account)
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = MemberOnly;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, Staking>;
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

/// Staking's data for the election, its targets narrowed to members with session keys before any bound counts them.
///
/// Nominations of others may remain in votes; the election ignores names that are not among its targets.
pub struct AdmittedTargets;

impl ElectionDataProvider for AdmittedTargets {
    type AccountId = AccountId;
    type BlockNumber = BlockNumber;
    type MaxVotesPerVoter = <Staking as ElectionDataProvider>::MaxVotesPerVoter;

    fn electable_targets(
        bounds: DataProviderBounds,
        page: PageIndex,
    ) -> data_provider::Result<Vec<AccountId>> {
        let mut targets = Staking::electable_targets(DataProviderBounds::default(), page)?;
        targets
            .retain(|target| is_member(target) && pallet_session::NextKeys::<Runtime>::contains_key(target));
        let count = u32::try_from(targets.len()).map_err(|_| "too many targets")?;
        if bounds.count.is_some_and(|max| max.0 < count) {
            return Err("too many targets");
        }
        Ok(targets)
    }

    fn electing_voters(
        bounds: DataProviderBounds,
        page: PageIndex,
    ) -> data_provider::Result<Vec<VoterOf<Self>>> {
        Staking::electing_voters(bounds, page)
    }

    fn desired_targets() -> data_provider::Result<u32> {
        Staking::desired_targets()
    }

    fn next_election_prediction(now: BlockNumber) -> BlockNumber {
        Staking::next_election_prediction(now)
    }
}

/// How the election is solved: sequential Phragmén, on chain, over [`AdmittedTargets`].
pub struct Election;

impl onchain::Config for Election {
    // More backers than fit are cut off from the smallest; an election is better than none.
    type Sort = ConstBool<true>;
    type System = Runtime;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type MaxBackersPerWinner = MaxBackersPerWinner;
    type MaxWinnersPerPage = MaxValidators;
    type DataProvider = AdmittedTargets;
    type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
    type Bounds = Bounds;
}

type OnChain = onchain::OnChainExecution<Election>;

/// [`Election`] in the form that staking takes: it insists on itself as the data provider.
pub struct AdmittedElection;

impl ElectionProvider for AdmittedElection {
    type AccountId = AccountId;
    type BlockNumber = BlockNumber;
    type Error = onchain::Error;
    type MaxWinnersPerPage = <OnChain as ElectionProvider>::MaxWinnersPerPage;
    type MaxBackersPerWinner = <OnChain as ElectionProvider>::MaxBackersPerWinner;
    type MaxBackersPerWinnerFinal = <OnChain as ElectionProvider>::MaxBackersPerWinnerFinal;
    type Pages = <OnChain as ElectionProvider>::Pages;
    type DataProvider = Staking;

    fn elect(page: PageIndex) -> Result<BoundedSupportsOf<Self>, Self::Error> {
        OnChain::elect(page)
    }

    fn duration() -> BlockNumber {
        OnChain::duration()
    }

    fn start() -> Result<(), Self::Error> {
        OnChain::start()
    }

    fn status() -> Result<Option<frame_support::weights::Weight>, ()> {
        OnChain::status()
    }
}

/// How much staking is filled with when its calls are benchmarked: as much as the election takes.
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
    type NominationsQuota = pallet_staking::FixedNominationsQuota<16>;
    type HistoryDepth = ConstU32<84>;
    type RewardRemainder = ();
    type RuntimeEvent = RuntimeEvent;
    type Slash = ToTreasury;
    type Reward = ();
    type SessionsPerEra = EraLength<Runtime>;
    type BondingDuration = BondingDuration;
    type SlashDeferDuration = SlashDeferDuration;
    type AdminOrigin = GovernOrigin;
    type SessionInterface = Self;
    // No inflation and no rewards: hospitals validate for the consortium.
    type EraPayout = ();
    type NextNewSession = Session;
    type MaxExposurePageSize = ConstU32<256>;
    type MaxValidatorSet = MaxValidators;
    type VoterList = pallet_staking::UseNominatorsAndValidatorsMap<Self>;
    type TargetList = pallet_staking::UseValidatorsMap<Self>;
    type MaxUnlockingChunks = ConstU32<32>;
    type MaxControllersInDeprecationBatch = ConstU32<100>;
    type EventListeners = ();
    // Inverted in pallet-staking: what it contains is refused.
    type Filter = Nothing;
    type BenchmarkingConfig = BenchmarkingLimits;
    type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Staking;
}

impl pallet_im_online::Config for Runtime {
    type AuthorityId = pallet_im_online::sr25519::AuthorityId;
    type MaxKeys = MaxValidators;
    type MaxPeerInHeartbeats = ConstU32<10_000>;
    type RuntimeEvent = RuntimeEvent;
    type ValidatorSet = Historical;
    type NextSessionRotation = Babe;
    type ReportUnresponsiveness = Offences;
    type UnsignedPriority = ImOnlineUnsignedPriority;
    type WeightInfo = pallet_im_online::weights::SubstrateWeight<Runtime>;
}

impl pallet_authority_discovery::Config for Runtime {
    type MaxAuthorities = MaxValidators;
}

/// The key ownership proof for a session that `key` of `kind` took part in, encoded for reports.
pub fn key_ownership_proof<K: codec::Codec>(kind: KeyTypeId, key: K) -> Option<Vec<u8>>
where
    Historical: KeyOwnerProofSystem<(KeyTypeId, K)>,
    <Historical as KeyOwnerProofSystem<(KeyTypeId, K)>>::Proof: codec::Encode,
{
    Historical::prove((kind, key)).map(|proof| codec::Encode::encode(&proof))
}
