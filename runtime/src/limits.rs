//! The runtime's numbers: how many there may be of each thing, how much it costs, how long it lasts.
//!
//! Amounts that clients know as well stand in [`galen_primitives::money`]; what differs between networks
//! stands in the genesis ([`crate::parameters`]).

use crate::{Balance, BlockNumber, DAYS, MILLIGLN};
use frame_support::parameter_types;
use sp_staking::EraIndex;

pub use galen_primitives::money::{
    FEE_ENDOWMENT, MAX_STAKE, MIN_NOMINATOR_BOND, MIN_VALIDATOR_BOND, STAKE_ENDOWMENT,
};

/// An account that has less is removed.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLIGLN;

/// There are at most so many validators at once.
pub const MAX_VALIDATORS: u32 = 100;
/// There are at most so many members at once: each may hold a validator's seat.
pub const MAX_MEMBERS: u32 = MAX_VALIDATORS;
/// A hospital registers at most so many validator accounts beside its own.
pub const MAX_VALIDATORS_OF_MEMBER: u32 = 8;
/// An election has at most so many voters: every account of every member.
pub const MAX_VOTERS: u32 = MAX_MEMBERS.saturating_mul(MAX_VALIDATORS_OF_MEMBER.saturating_add(1));
/// One account votes for at most so many others.
pub const MAX_TARGETS: u32 = 16;
/// A hospital names at most so many nodes.
pub const MAX_NODES: u32 = 16;
/// At most so many periods of worker keys are kept of a hospital.
pub const MAX_KEY_PERIODS: u32 = 32;
/// A suspension lasts at most so many blocks: a week, in which two thirds of the council can meet and decide.
pub const MAX_SUSPENSION: BlockNumber = 7 * DAYS;
/// The council has at most so many motions open.
pub const MAX_MOTIONS: u32 = 64;

/// At most so many consents of a patient are judged one by one.
pub const MAX_LIVE_CONSENTS: u32 = 128;
/// At most so many of these permit something.
pub const MAX_GRANTS: u32 = 100;
/// A text that is signed is relayed within so many seconds: a day.
pub const MAX_TEXT_AGE: u64 = 86_400;
/// Hospitals say within so many seconds what they did when a consent ended: thirty days, as long as GDPR,
/// Art. 12(3), allows for an answer.
pub const SETTLE_PERIOD: u64 = 30 * 86_400;

/// An emergency access is open for so many seconds: four hours, after which another must be asked for.
pub const ACCESS_SECONDS: u64 = 4 * 3_600;
/// An emergency access is reviewed within so many seconds: three days, so that a weekend does not make a
/// review late.
pub const REVIEW_SECONDS: u64 = 3 * 86_400;
/// A hospital has at most so many emergency accesses open for one patient.
pub const MAX_OPEN_ACCESSES: u32 = 16;

/// A federated round has at most so many updates.
pub const MAX_UPDATES: u32 = 256;
/// A federated round is open for at most so many blocks: thirty days.
pub const MAX_ROUND: BlockNumber = 30 * DAYS;
/// A hospital has at most so many summary jobs open, whatever its quota says.
pub const MAX_OPEN_JOBS: u32 = 64;
/// From a hospital's batch of readings to its next there are at least so many blocks: ten seconds, since they
/// pay nothing.
pub const MIN_READINGS_PERIOD: BlockNumber = 5;

parameter_types! {
    /// Stake stays bonded for so many eras.
    pub const BondingDuration: EraIndex = 28;
    pub const MaxValidators: u32 = MAX_VALIDATORS;
    pub const MaxBackersPerWinner: u32 = MAX_VOTERS;
}
