//! Amounts of GLN that the runtime and its clients share.
//!
//! A client that reaches a chain asks it ([`Seats::max_stake`](crate::member::Seats)); these are what a chain
//! starts with.

/// An amount is counted in the smallest unit of GLN, 10^-12 GLN.
pub type Balance = u128;

/// One GLN has so many decimal places.
pub const DECIMALS: usize = 12;
/// One GLN is so many of the smallest unit.
pub const GLN: Balance = 1_000_000_000_000;
/// A thousandth of a GLN is so many of the smallest unit.
pub const MILLIGLN: Balance = 1_000_000_000;

/// A nominator bonds at least so much.
pub const MIN_NOMINATOR_BOND: Balance = 100 * GLN;
/// A validator bonds at least so much.
pub const MIN_VALIDATOR_BOND: Balance = 10_000 * GLN;
/// At most so much of an account's stake counts in an election; nobody may bond more.
pub const MAX_STAKE: Balance = 1_000_000 * GLN;
/// The treasury gives an admitted hospital so much to bond as a validator.
pub const STAKE_ENDOWMENT: Balance = 100_000 * GLN;
/// The treasury gives an admitted hospital so much to pay fees with.
pub const FEE_ENDOWMENT: Balance = 10_000 * GLN;
