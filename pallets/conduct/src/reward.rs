//! Rewards without inflation: out of the treasury, through the pot, to the validators.

use crate::{BalanceOf, Config, EraReward, LOG_TARGET, Pallet};
use core::marker::PhantomData;
use frame_support::traits::{
    Get, Imbalance, OnUnbalanced,
    fungible::{Balanced, Credit, Debt, Inspect, Mutate},
    tokens::{Fortitude::Polite, Preservation::Preserve},
};
use galen_primitives::AccountId;
use sp_runtime::traits::{Saturating, Zero};
use sp_staking::EraPayout;

type DebtOf<T> = Debt<AccountId, <T as Config>::Currency>;
type CreditOf<T> = Credit<AccountId, <T as Config>::Currency>;

/// What an ended era is worth to its validators: so much of [`EraReward`] as is now in the pot for them, and
/// nothing beside it.
impl<T: Config> EraPayout<BalanceOf<T>> for Pallet<T> {
    fn era_payout(_: BalanceOf<T>, _: BalanceOf<T>, _: u64) -> (BalanceOf<T>, BalanceOf<T>) {
        (Self::fund_era(), Zero::zero())
    }
}

fn spare<T: Config>(account: &AccountId) -> BalanceOf<T> {
    T::Currency::reducible_balance(account, Preserve, Polite)
}

impl<T: Config> Pallet<T> {
    fn fund_era() -> BalanceOf<T> {
        let (treasury, pot) = (T::Treasury::get(), T::RewardPot::get());
        // The deposit that keeps the pot's account alive is never paid out: else the last of what is owed
        // could be lost as dust.
        let deposit = if T::Currency::total_balance(&pot).is_zero() {
            T::Currency::minimum_balance()
        } else {
            Zero::zero()
        };
        let amount = EraReward::<T>::get().min(spare::<T>(&treasury).saturating_sub(deposit));
        if amount.is_zero() {
            return amount;
        }
        match T::Currency::transfer(&treasury, &pot, amount.saturating_add(deposit), Preserve) {
            Ok(_) => amount,
            Err(error) => {
                log::error!(target: LOG_TARGET, "an era goes without reward: {error:?}");
                Zero::zero()
            }
        }
    }
}

/// Staking's `Reward`: it has minted what it paid out; as much leaves the pot, and the issuance is what it
/// was.
///
/// The pot holds all that eras have promised unless Root took it out. Then the treasury stands in; only where
/// both are empty does the issuance grow by what is missing, and the node logs an error.
pub struct PaidFromPot<T>(PhantomData<T>);

impl<T: Config> OnUnbalanced<DebtOf<T>> for PaidFromPot<T> {
    fn on_nonzero_unbalanced(mut debt: DebtOf<T>) {
        for payer in [T::RewardPot::get(), T::Treasury::get()] {
            let (part, rest) = debt.split(spare::<T>(&payer));
            debt = match T::Currency::settle(&payer, part, Preserve) {
                Ok(_) => rest,
                Err(part) => rest.merge(part),
            };
        }
        if !debt.peek().is_zero() {
            log::error!(target: LOG_TARGET, "rewards paid that neither pot nor treasury has: {:?}", debt.peek());
        }
    }
}

/// Staking's `RewardRemainder`: what its cap (`MaxStakedRewards`) keeps of an era's reward is newly issued,
/// and it is still in the pot. The issue is burnt, and the pot's part goes back to the treasury.
pub struct ReturnedToTreasury<T>(PhantomData<T>);

impl<T: Config> OnUnbalanced<CreditOf<T>> for ReturnedToTreasury<T> {
    fn on_nonzero_unbalanced(issued: CreditOf<T>) {
        let amount = issued.peek();
        drop(issued);
        if let Err(error) = T::Currency::transfer(&T::RewardPot::get(), &T::Treasury::get(), amount, Preserve)
        {
            log::error!(target: LOG_TARGET, "what remains of a reward stays in the pot: {error:?}");
        }
    }
}
