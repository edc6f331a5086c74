//! Balances, fees, and where money goes.
//!
//! GLN is not a currency to trade: it pays for block space and backs validators. Its issue is made at genesis
//! and never grows: there is no inflation. The treasury account ([`TreasuryAccount`], the account of pallet
//! id `gln/trea`) holds what is not handed out:
//! - an admitted hospital gets its stake and fee endowment from it ([`crate::limits`]);
//! - every transaction fee and tip goes into it, in full;
//! - every slash and all dust goes into it, in full;
//! - what the council has set for the validators of an era (`Conduct::set_era_reward`; nothing at first)
//!   leaves it when the era ends, for the reward pot ([`RewardPot`], the account of pallet id `gln/rwrd`).
//!   Staking pays rewards by minting them, and as much leaves the pot at the same time. What nobody collects
//!   stays in the pot.
//!
//! Nobody holds a key to either: only Root, and so two thirds of the council, can pay out of them otherwise.
//!
//! Fees grow with weight and length and not with load: senders are known members, and quotas bound them. A
//! fee of an ordinary call is about a thousandth of a GLN.

use crate::{
    AccountId, Balance, Balances, MILLIGLN, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason,
    System, limits::EXISTENTIAL_DEPOSIT,
};
use frame_support::{
    PalletId, parameter_types,
    traits::{ConstU8, ConstU32, ConstU128, VariantCountOf, tokens::imbalance::ResolveTo},
    weights::{ConstantMultiplier, IdentityFee},
};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::traits::{AccountIdConversion, One};

parameter_types! {
    pub const TreasuryPalletId: PalletId = PalletId(*b"gln/trea");
    pub TreasuryAccount: AccountId = TreasuryPalletId::get().into_account_truncating();
    pub const RewardPotPalletId: PalletId = PalletId(*b"gln/rwrd");
    pub RewardPot: AccountId = RewardPotPalletId::get().into_account_truncating();
    pub const FeePerByte: Balance = MILLIGLN / 1_000;
    pub FeeMultiplier: Multiplier = Multiplier::one();
}

/// Fees, slashes and dust go to the treasury.
pub type ToTreasury = ResolveTo<TreasuryAccount, Balances>;

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ToTreasury;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ToTreasury>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, FeePerByte>;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
