//! The dry run itself.

use crate::{state::Storage, version};
use frame_support::{
    migrations::{MultiStepMigrator, SteppedMigrations},
    traits::{Get, PalletsInfoAccess, TryDecodeEntireStorage, TryState, TryStateSelect, UpgradeCheckSelect},
    weights::Weight,
};
use galen_runtime::{AllPalletsWithSystem, Executive, Migrations, Runtime, System, VERSION, migrations};
use sp_runtime::TryRuntimeError;
use sp_version::RuntimeVersion;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// Blocks after which migrations in steps are given up: a day and a half of blocks without a transaction.
const MAX_BLOCKS: u32 = 65_536;

/// An upgrade would do this.
#[derive(Debug)]
pub struct Report {
    /// The version of the runtime that the state is of.
    pub from: RuntimeVersion,
    /// The version of this checkout's runtime.
    pub to: RuntimeVersion,
    /// The migrations of the upgrade's first block beyond the pallets' own, by type.
    pub first_block: &'static str,
    /// What all migrations of the first block weigh; `None` if they failed.
    pub weight: Option<Weight>,
    /// That weight's share of a block's time, in percent, rounded up.
    pub share_of_block: u64,
    /// How long they took here.
    pub took: Duration,
    /// Migrations that run in steps.
    pub stepped: u32,
    /// Blocks that those took; no transaction is included while they run.
    pub blocks: u32,
    /// Everything that is wrong; empty if the upgrade may go on chain.
    pub problems: Vec<String>,
}

/// Tries the upgrade to this checkout's runtime on a state, which it changes.
pub fn dry_run(storage: &mut Storage) -> Result<Report, String> {
    dry_run_with(storage, Executive::try_runtime_upgrade)
}

/// Does what [`dry_run`] does, with the first block's migrations of an executive of one's own.
pub fn dry_run_with(
    storage: &mut Storage,
    migrate: impl FnOnce(UpgradeCheckSelect) -> Result<Weight, TryRuntimeError>,
) -> Result<Report, String> {
    let (from, to) = (version::of_state(storage)?, VERSION);
    let mut problems: Vec<String> = version::refusal(&from, &to).into_iter().collect();
    let stepped = <migrations::MultiBlock as SteppedMigrations>::len();

    let began = Instant::now();
    let weight = storage.execute_with(|| {
        System::set_block_number(System::block_number().saturating_add(1));
        // The state is checked at the end: with migrations in steps to come it need not be sound before.
        guarded(|| migrate(UpgradeCheckSelect::PreAndPost).map_err(|error| format!("{error:?}")))
    });
    let took = began.elapsed();
    let weight = match weight {
        Ok(weight) => Some(weight),
        Err(error) => {
            problems.push(format!("the migrations of the first block: {error}"));
            None
        }
    };
    let limit =
        <<Runtime as frame_system::Config>::BlockWeights as Get<frame_system::limits::BlockWeights>>::get()
            .max_block;
    if let Some(heavy) = weight.filter(|weight| weight.any_gt(limit)) {
        problems.push(format!("the migrations weigh {heavy:?}, a block holds {limit:?}: run them in steps"));
    }

    let mut blocks = 0;
    if stepped > 0 && weight.is_some() {
        match storage.execute_with(|| guarded(step_through)) {
            Ok(taken) => blocks = taken,
            Err(error) => problems.push(format!("the migrations in steps: {error}")),
        }
    }
    problems.extend(storage.execute_with(check_state));
    let share_of_block =
        weight.map_or(0, |weight| weight.ref_time().saturating_mul(100).div_ceil(limit.ref_time().max(1)));
    let first_block = std::any::type_name::<migrations::SingleBlock>();
    Ok(Report { from, to, first_block, weight, share_of_block, took, stepped, blocks, problems })
}

/// Runs the migrations in steps, a block each time, to their end.
fn step_through() -> Result<u32, String> {
    for block in 0..MAX_BLOCKS {
        if !Migrations::ongoing() {
            return Ok(block);
        }
        System::set_block_number(System::block_number().saturating_add(1));
        Migrations::step();
        if matches!(
            pallet_migrations::Cursor::<Runtime>::get(),
            Some(pallet_migrations::MigrationCursor::Stuck)
        ) {
            return Err("a migration failed, which would stop the network for transactions".into());
        }
    }
    Err(format!("not done after {MAX_BLOCKS} blocks"))
}

/// Values that do not decode, and what each pallet finds wrong with its own.
fn check_state() -> Vec<String> {
    let undecodable = AllPalletsWithSystem::try_decode_entire_state().err().unwrap_or_default();
    let undecodable = undecodable.iter().map(|error| format!("the state after all migrations: {error}"));
    // One by one: of all at once only the log would tell which pallet complains, and of what.
    let unsound = AllPalletsWithSystem::infos().into_iter().filter_map(|pallet| {
        let only = TryStateSelect::Only(vec![pallet.name.as_bytes().to_vec()]);
        guarded(|| {
            AllPalletsWithSystem::try_state(System::block_number(), only).map_err(|error| match error {
                TryRuntimeError::Other(why) => why.to_owned(),
                error => format!("{error:?}"),
            })
        })
        .err()
        .map(|why| format!("the state of {} after all migrations: {why}", pallet.name))
    });
    undecodable.chain(unsound).collect()
}

/// A panic in a migration is a finding, not the end of the check.
fn guarded<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no reason given".into());
        Err(format!("panicked: {why}"))
    })
}
