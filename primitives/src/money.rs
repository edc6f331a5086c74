//! Amounts of GLN that the runtime and its clients share.
//!
//! A client that reaches a chain asks it ([`Seats::max_stake`](crate::member::Seats)); these are what a chain starts with.

/// An amount of GLN in its smallest unit, 10^-12 GLN.
pub type Balance = u128;

/// The decimal places of one GLN.
pub const DECIMALS: usize = 12;
/// One GLN.
pub const GLN: Balance = 1_000_000_000_000;
/// A thousandth of a GLN.
pub const MILLIGLN: Balance = 1_000_000_000;

/// The least that a nominator must bond.
pub const MIN_NOMINATOR_BOND: Balance = 100 * GLN;
/// The least that a validator must bond.
pub const MIN_VALIDATOR_BOND: Balance = 10_000 * GLN;
/// The stake of an account that counts in an election, at most; nobody may bond more.
pub const MAX_STAKE: Balance = 1_000_000 * GLN;
/// What the treasury gives an admitted hospital to bond as a validator.
pub const STAKE_ENDOWMENT: Balance = 100_000 * GLN;
/// What the treasury gives an admitted hospital to pay fees with.
pub const FEE_ENDOWMENT: Balance = 10_000 * GLN;
