//! The election of validators: who votes, who can win, and how many seats a hospital may win.
//!
//! Staking's own lists of voters and candidates are open to every account, so the election does not start
//! from them. It starts from the hospitals in good standing and goes through their accounts, of which there
//! is a bounded number: outsiders neither vote nor crowd out who does, however many there are. From those it
//! takes
//! - as voters, who nominates or stands, with its bonded stake up to [`MAX_STAKE`];
//! - as candidates, who stands with stake of its own, has session keys and has votes;
//! - of each hospital's candidates, the best-backed, as many as it may hold seats ([`seats`]).
//!
//! Sequential Phragmén, on chain, then chooses among these.

use crate::{
    AccountId, Balance, Balances, BlockNumber, Consortium, Runtime, Staking,
    limits::{MAX_STAKE, MAX_VALIDATORS, MaxBackersPerWinner, MaxValidators},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use frame_election_provider_support::{
    BoundedSupportsOf, ElectionProvider, InstantElectionProvider, PageIndex, SequentialPhragmen, VoteWeight,
    VoterOf,
    bounds::{ElectionBounds, ElectionBoundsBuilder},
    onchain,
};
use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    traits::{ConstBool, ConstU32, Contains},
    weights::{Weight, constants::RocksDbWeight},
};
use pallet_consortium::seats::{self, Contender};
use sp_runtime::Perbill;
use sp_staking::{
    StakingInterface,
    currency_to_vote::{CurrencyToVote, U128CurrencyToVote},
};

parameter_types! {
    // Not asked: the voters and candidates handed over are bounded by the number of members.
    pub Bounds: ElectionBounds = ElectionBoundsBuilder::default().build();
}

/// An election is solved in this way.
pub struct Solution;

impl onchain::Config for Solution {
    // More backers than fit are cut off from the smallest; an election is better than none.
    type Sort = ConstBool<true>;
    type System = Runtime;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type MaxBackersPerWinner = MaxBackersPerWinner;
    type MaxWinnersPerPage = MaxValidators;
    type DataProvider = Staking;
    type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
    type Bounds = Bounds;
}

type OnChain = onchain::OnChainExecution<Solution>;

/// These accounts vote in an election, and these can win it.
#[derive(Default)]
struct Rolls {
    voters: Vec<VoterOf<Staking>>,
    candidates: Vec<Contender>,
}

impl Rolls {
    /// Lists the accounts of the hospitals in good standing.
    fn of_members() -> Self {
        let issuance = Balances::total_issuance();
        let mut rolls = Rolls::default();
        let mut accounts = 0u64;
        for (hospital, validators) in Consortium::electorate() {
            for account in validators {
                accounts = accounts.saturating_add(1);
                rolls.enter(&hospital, account, issuance);
            }
        }
        // Member, list of accounts, bond, ledger, nominations, candidacy, session keys.
        let each = RocksDbWeight::get().reads(7).saturating_add(Weight::from_parts(10_000_000, 0));
        frame_system::Pallet::<Runtime>::register_extra_weight_unchecked(
            each.saturating_mul(accounts),
            DispatchClass::Mandatory,
        );
        rolls.count_approvals();
        rolls
    }

    fn enter(&mut self, hospital: &AccountId, account: AccountId, issuance: Balance) {
        let weight = vote_weight(&account, issuance);
        if weight == 0 {
            return;
        }
        if let Some(nominations) = pallet_staking::Nominators::<Runtime>::get(&account) {
            self.voters.push((account, weight, nominations.targets));
        } else if pallet_staking::Validators::<Runtime>::contains_key(&account) {
            let itself = Vec::from([account.clone()]).try_into().unwrap_or_default();
            self.voters.push((account.clone(), weight, itself));
            if pallet_session::NextKeys::<Runtime>::contains_key(&account) {
                self.candidates.push(Contender { hospital: hospital.clone(), account, backing: 0 });
            }
        }
    }

    // An approval is worth the voter's whole weight, whomever else it votes for: how much each will get is
    // not known yet.
    fn count_approvals(&mut self) {
        let mut approvals = BTreeMap::<&AccountId, u128>::new();
        for (_, weight, targets) in &self.voters {
            for target in targets.iter().collect::<BTreeSet<_>>() {
                let approval = approvals.entry(target).or_default();
                *approval = approval.saturating_add((*weight).into());
            }
        }
        for candidate in &mut self.candidates {
            candidate.backing = approvals.get(&candidate.account).copied().unwrap_or_default();
        }
        self.candidates.retain(|candidate| candidate.backing > 0);
    }
}

/// Computes what an account's stake is worth as a vote.
fn vote_weight(account: &AccountId, issuance: Balance) -> VoteWeight {
    U128CurrencyToVote::to_vote(bonded(account).min(MAX_STAKE), issuance)
}

/// Reads what an account has bonded and not begun to take out.
pub fn bonded(account: &AccountId) -> Balance {
    Staking::stake(account).map(|stake| stake.active).unwrap_or_default()
}

/// Drops winners by which a hospital would hold more seats than it may, the least backed first.
///
/// There should be none: among the candidates there is no hospital with more of them. But a winner may be
/// lost to rounding, and the smaller set then has a smaller cap.
pub fn keep_within_cap(winners: &mut BoundedSupportsOf<AdmittedElection>) {
    let contenders: Vec<_> = winners
        .iter()
        .filter_map(|(account, support)| {
            let hospital = Consortium::hospital_of(account)?;
            Some(Contender { hospital, account: account.clone(), backing: support.total })
        })
        .collect();
    let count = u32::try_from(winners.len()).unwrap_or(u32::MAX);
    let kept = seats::shortlist(count, contenders).contenders;
    if kept.len() < winners.len() {
        let (within, all) = (kept.len(), winners.len());
        log::warn!(target: "runtime::election", "{within} of {all} winners are within the cap");
        winners.retain(|(account, _)| kept.iter().any(|one| one.account == *account));
    }
}

/// Staking elects among members through this.
pub struct AdmittedElection;

impl ElectionProvider for AdmittedElection {
    type AccountId = AccountId;
    type BlockNumber = BlockNumber;
    type Error = onchain::Error;
    type MaxWinnersPerPage = MaxValidators;
    type MaxBackersPerWinner = MaxBackersPerWinner;
    type MaxBackersPerWinnerFinal = MaxBackersPerWinner;
    type Pages = ConstU32<1>;
    type DataProvider = Staking;

    fn elect(_: PageIndex) -> Result<BoundedSupportsOf<Self>, Self::Error> {
        let rolls = Rolls::of_members();
        let desired = pallet_staking::ValidatorCount::<Runtime>::get().min(MAX_VALIDATORS);
        let list = seats::shortlist(desired, rolls.candidates);
        let candidates = list.contenders.into_iter().map(|candidate| candidate.account).collect();
        let mut winners = OnChain::instant_elect(rolls.voters, candidates, list.seats)?;
        keep_within_cap(&mut winners);
        Ok(winners)
    }

    fn duration() -> BlockNumber {
        0
    }

    fn start() -> Result<(), Self::Error> {
        Ok(())
    }

    fn status() -> Result<Option<Weight>, ()> {
        // Always ready.
        Ok(Some(Weight::zero()))
    }
}

/// Contains the accounts whose stake counts no further: staking lets them bond no more.
pub struct AtStakeCap;

impl Contains<AccountId> for AtStakeCap {
    fn contains(account: &AccountId) -> bool {
        bonded(account) >= MAX_STAKE
    }
}
