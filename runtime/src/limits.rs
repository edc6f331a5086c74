//! The runtime's numbers: how many there may be of each thing, how much it costs, how long it lasts.
//!
//! Amounts that clients know as well stand in [`galen_primitives::money`]; what differs between networks stands in the
//! genesis ([`crate::parameters`]).

use crate::{Balance, BlockNumber, DAYS, MILLIGLN};
use frame_support::parameter_types;
use sp_staking::EraIndex;

pub use galen_primitives::money::{
    FEE_ENDOWMENT, MAX_STAKE, MIN_NOMINATOR_BOND, MIN_VALIDATOR_BOND, STAKE_ENDOWMENT,
};

/// An account with less is removed.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLIGLN;

/// The most validators at once.
pub const MAX_VALIDATORS: u32 = 100;
/// The most members at once: each may hold a validator's seat.
pub const MAX_MEMBERS: u32 = MAX_VALIDATORS;
/// The most validator accounts that a hospital registers beside its own.
pub const MAX_VALIDATORS_OF_MEMBER: u32 = 8;
/// The most voters of an election: every account of every member.
pub const MAX_VOTERS: u32 = MAX_MEMBERS.saturating_mul(MAX_VALIDATORS_OF_MEMBER.saturating_add(1));
/// The most accounts that one account votes for.
pub const MAX_TARGETS: u32 = 16;
/// The most nodes of a hospital.
pub const MAX_NODES: u32 = 16;
/// The most periods of worker keys that are kept of a hospital.
pub const MAX_KEY_PERIODS: u32 = 32;
/// The longest suspension, in blocks: a week, in which two thirds of the council can meet and decide.
pub const MAX_SUSPENSION: BlockNumber = 7 * DAYS;
/// The most motions that the council has open.
pub const MAX_MOTIONS: u32 = 64;

/// The most consents of a patient that are judged one by one.
pub const MAX_LIVE_CONSENTS: u32 = 128;
/// The most of these that permit something.
pub const MAX_GRANTS: u32 = 100;
/// Seconds: a text that is signed is relayed within a day.
pub const MAX_TEXT_AGE: u64 = 86_400;
/// Seconds: thirty days, as long as GDPR, Art. 12(3), allows for an answer.
pub const SETTLE_PERIOD: u64 = 30 * 86_400;

/// Seconds: an emergency access is open for four hours, after which the glass must be broken anew.
pub const ACCESS_SECONDS: u64 = 4 * 3_600;
/// Seconds: an emergency access is reviewed within three days, so that a weekend does not make a review late.
pub const REVIEW_SECONDS: u64 = 3 * 86_400;
/// The most emergency accesses that a hospital has open for one patient.
pub const MAX_OPEN_ACCESSES: u32 = 16;

/// The most updates of a federated round.
pub const MAX_UPDATES: u32 = 256;
/// Blocks for which a federated round may be open: thirty days.
pub const MAX_ROUND: BlockNumber = 30 * DAYS;
/// The most summary jobs that a hospital has open, whatever its quota says.
pub const MAX_OPEN_JOBS: u32 = 64;
/// Blocks from a hospital's batch of readings to its next: ten seconds, since batches of readings pay nothing.
pub const MIN_READINGS_PERIOD: BlockNumber = 5;

parameter_types! {
    /// The eras for which stake stays bonded.
    pub const BondingDuration: EraIndex = 28;
    pub const MaxValidators: u32 = MAX_VALIDATORS;
    pub const MaxBackersPerWinner: u32 = MAX_VOTERS;
}
