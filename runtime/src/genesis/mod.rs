//! Genesis presets: what differs between networks, and nothing else.
//!
//! A preset is a [`Shape`]: members, lengths of epochs and eras, endowments. The same code turns each into a
//! genesis, so that a development network is built just as a consortium is. A member's account is its stash,
//! its validator id and its seat on the first council.

mod consortium;
mod development;
mod local;

use crate::{
    AccountId, BabeConfig, Balance, BalancesConfig, ConductConfig, ConsortiumConfig, CouncilConfig,
    NetworkConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, StakingConfig,
    configs::{consensus::BABE_GENESIS_EPOCH_CONFIG, fees::TreasuryAccount},
    limits::{FEE_ENDOWMENT, MIN_NOMINATOR_BOND, MIN_VALIDATOR_BOND, STAKE_ENDOWMENT},
};
use alloc::{format, string::String, vec::Vec};
use frame_support::build_struct_json_patch;
use galen_primitives::{H256, member::Quotas};
use pallet_staking::{Forcing, StakerStatus};
use serde_json::Value;
use sp_core::{ed25519, sr25519};
use sp_genesis_builder::PresetId;
use sp_runtime::Perbill;

/// The development network has one hospital, short epochs, the well-known key `//Alice`.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// The local network has four hospitals, short epochs, the well-known keys `//Alice` to `//Dave`.
pub const LOCAL: &str = sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;
/// The template of a consortium has no members: its operators fill it in.
pub const CONSORTIUM: &str = "consortium";
/// These are all presets.
pub const NAMES: [&str; 3] = [DEVELOPMENT, LOCAL, CONSORTIUM];

/// A member of genesis may use so much; the council sets other quotas by `Consortium::set_quotas`.
const QUOTAS: Quotas = Quotas { grants_per_day: 10_000, open_jobs: 64 };

/// A hospital is a member from genesis on.
pub(crate) struct Hospital {
    /// Its registered name, in printable ASCII.
    pub name: &'static str,
    /// Its account: member, stash and council member.
    pub account: AccountId,
    /// Its validator's keys.
    pub keys: SessionKeys,
    /// Its worker's sr25519 key.
    pub worker: H256,
}

/// Networks differ in these.
pub(crate) struct Shape {
    /// Slots of an epoch.
    pub epoch_blocks: u32,
    /// Sessions of an era.
    pub sessions_per_era: u32,
    /// Blocks in which a summary must be answered.
    pub job_blocks: u32,
    /// Eras between an offence and its slash.
    pub slash_defer_eras: u32,
    /// After how many sessions in a row the absent lose their seats.
    pub absence_threshold: u32,
    /// Whether nodes talk to members' nodes only.
    pub members_only_peers: bool,
    /// Seats that elections fill.
    pub validators: u32,
    /// The first members.
    pub hospitals: Vec<Hospital>,
    /// What the treasury has after endowing them.
    pub treasury: Balance,
    /// Other accounts and what they have.
    pub endowed: Vec<(AccountId, Balance)>,
}

/// Makes the genesis patch of a preset, as JSON.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let shape = match id.as_ref() {
        DEVELOPMENT => development::shape(),
        LOCAL => local::shape(),
        CONSORTIUM => consortium::shape(),
        _ => return None,
    };
    serde_json::to_vec(&patch(shape)).ok()
}

/// Makes the hospital that the well-known seed `//{seed}` stands for; its worker key is `//{seed}//worker`.
///
/// `None` for a seed that is not one.
fn well_known(seed: &str, name: &'static str) -> Option<Hospital> {
    let account = sr25519_key(format!("//{seed}"))?;
    let vote = ed25519_key(format!("//{seed}"))?;
    let worker = sr25519_key(format!("//{seed}//worker"))?;
    Some(Hospital {
        name,
        account: account.into(),
        keys: SessionKeys {
            grandpa: vote.into(),
            babe: account.into(),
            im_online: account.into(),
            authority_discovery: account.into(),
        },
        worker: H256(worker.0),
    })
}

fn sr25519_key(uri: String) -> Option<sr25519::Public> {
    use sp_core::Pair;
    sr25519::Pair::from_string(&uri, None).ok().map(|pair| pair.public())
}

fn ed25519_key(uri: String) -> Option<ed25519::Public> {
    use sp_core::Pair;
    ed25519::Pair::from_string(&uri, None).ok().map(|pair| pair.public())
}

fn patch(shape: Shape) -> Value {
    let Shape {
        epoch_blocks,
        sessions_per_era,
        job_blocks,
        slash_defer_eras,
        absence_threshold,
        members_only_peers,
        validators,
        hospitals,
        treasury,
        endowed,
    } = shape;
    let endowment = STAKE_ENDOWMENT.saturating_add(FEE_ENDOWMENT);
    let balances: Vec<(AccountId, Balance)> = hospitals
        .iter()
        .map(|hospital| (hospital.account.clone(), endowment))
        .chain(endowed)
        .chain(core::iter::once((TreasuryAccount::get(), treasury)))
        .collect();
    let stakers: Vec<_> = hospitals
        .iter()
        .map(|Hospital { account, .. }| {
            (account.clone(), account.clone(), STAKE_ENDOWMENT, StakerStatus::<AccountId>::Validator)
        })
        .collect();
    let keys: Vec<_> = hospitals
        .iter()
        .map(|Hospital { account, keys, .. }| (account.clone(), account.clone(), keys.clone()))
        .collect();
    let members: Vec<(AccountId, Vec<u8>, Option<H256>)> = hospitals
        .iter()
        .map(|hospital| (hospital.account.clone(), hospital.name.as_bytes().to_vec(), Some(hospital.worker)))
        .collect();
    let council: Vec<AccountId> = hospitals.iter().map(|hospital| hospital.account.clone()).collect();
    build_struct_json_patch!(RuntimeGenesisConfig {
        network: NetworkConfig {
            epoch_blocks,
            sessions_per_era,
            job_blocks,
            slash_defer_eras: Some(slash_defer_eras),
            members_only_peers,
        },
        conduct: ConductConfig { absence_threshold },
        balances: BalancesConfig { balances },
        consortium: ConsortiumConfig { members, quotas: QUOTAS },
        babe: BabeConfig { epoch_config: BABE_GENESIS_EPOCH_CONFIG },
        staking: StakingConfig {
            validator_count: validators,
            minimum_validator_count: 1,
            force_era: Forcing::NotForcing,
            slash_reward_fraction: Perbill::zero(),
            min_nominator_bond: MIN_NOMINATOR_BOND,
            min_validator_bond: MIN_VALIDATOR_BOND,
            stakers,
        },
        session: SessionConfig { keys },
        council: CouncilConfig { members: council },
    })
}
