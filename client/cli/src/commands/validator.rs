//! `galen validator`: a hospital's validators. Each signs for itself: the key given is the validator account's own.

use super::{Context, account, amount};
use galen_client::{
    Error,
    amount::{Balance, show},
    calls,
    chain::Chain,
    keys::HospitalKey,
    session_keys::SessionKeys,
};
use galen_primitives::AccountId;
use serde_json::json;

/// A hospital's validators.
#[derive(clap::Subcommand)]
pub enum Command {
    /// All validator accounts of all members, or of one.
    List {
        /// Only this hospital's.
        #[arg(long, value_parser = account)]
        hospital: Option<AccountId>,
    },
    /// Bond a first stake.
    Bond(Amount),
    /// Bond more.
    BondExtra(Amount),
    /// Take stake back: it is free after the bonding duration.
    Unbond(Amount),
    /// Set session keys: fresh ones made by the node, or those given. They take effect in the session after the next.
    SetKeys {
        /// Session keys made before, as `author_rotateKeysWithOwner` printed them.
        #[arg(long, requires = "proof")]
        keys: Option<String>,
        /// The proof that came with them, made for this validator's account.
        #[arg(long, requires = "keys")]
        proof: Option<String>,
        /// The validator account's key: a file or a development seed.
        #[arg(long)]
        key: String,
    },
    /// Stand as a validator in the next elections.
    Stand {
        /// What the validator keeps of rewards before nominators share them, in percent.
        #[arg(long, value_parser = commission, default_value = "0")]
        commission: u32,
        /// The validator account's key.
        #[arg(long)]
        key: String,
    },
    /// Stand no longer, and nominate no longer.
    Chill {
        /// The account's key.
        #[arg(long)]
        key: String,
    },
    /// Vote with one's stake for validators of members.
    Nominate {
        /// Their accounts.
        #[arg(value_parser = account, required = true)]
        targets: Vec<AccountId>,
        /// The account's key.
        #[arg(long)]
        key: String,
    },
    /// Register another validator account of this hospital.
    Add {
        /// The account, which must itself bond, set keys and stand.
        #[arg(value_parser = account)]
        validator: AccountId,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
    /// Remove a validator account of this hospital: it is chilled.
    Remove {
        /// The account.
        #[arg(value_parser = account)]
        validator: AccountId,
        /// The hospital's key.
        #[arg(long)]
        key: String,
    },
}

/// How much, and whose.
#[derive(clap::Args)]
pub struct Amount {
    /// GLN, with at most twelve decimals.
    #[arg(value_parser = amount, value_name = "GLN")]
    amount: Balance,
    /// The validator account's key: a file or a development seed.
    #[arg(long)]
    key: String,
}

/// `clap` parser of a percentage, in billionths.
fn commission(text: &str) -> Result<u32, String> {
    let refuse = || format!("{text} is not a percentage between 0 and 100");
    let percent: f64 = text.parse().map_err(|_| refuse())?;
    if (0.0..=100.0).contains(&percent) { Ok((percent * 10_000_000.0).round() as u32) } else { Err(refuse()) }
}

fn unhex(text: &str) -> Result<Vec<u8>, Error> {
    hex::decode(text.strip_prefix("0x").unwrap_or(text))
        .map_err(|_| Error::Input(format!("{text} is not hexadecimal")))
}

pub async fn run(context: &Context, command: Command) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let (call, key, said) = match command {
        Command::List { hospital } => return list(context, &chain, hospital).await,
        Command::SetKeys { keys, proof, key } => {
            return set_keys(context, &chain, keys.zip(proof), &key).await;
        }
        Command::Bond(Amount { amount, key }) => {
            check_stake(&chain, &HospitalKey::read(&key)?.account(), amount).await?;
            (calls::bond(amount), key, format!("{} bonded", show(amount)))
        }
        Command::BondExtra(Amount { amount, key }) => {
            check_stake(&chain, &HospitalKey::read(&key)?.account(), amount).await?;
            (calls::bond_extra(amount), key, format!("{} more bonded", show(amount)))
        }
        Command::Unbond(Amount { amount, key }) => {
            (calls::unbond(amount), key, format!("{} on their way out", show(amount)))
        }
        Command::Stand { commission, key } => {
            (calls::validate(commission), key, "stands in the next election".into())
        }
        Command::Chill { key } => (calls::chill(), key, "stands no longer".into()),
        Command::Nominate { targets, key } => {
            (calls::nominate(&targets), key, format!("nominates {} validators", targets.len()))
        }
        Command::Add { validator, key } => (
            calls::add_validator(&validator),
            key,
            format!("{validator} is a validator account of this hospital"),
        ),
        Command::Remove { validator, key } => {
            (calls::remove_validator(&validator), key, format!("{validator} is no longer one"))
        }
    };
    let account = HospitalKey::read(&key)?.account();
    let at = context.submit(&chain, &call, &key).await?.block;
    context.out.answer(&json!({ "account": account, "block": at }), format!("{account}: {said}"));
    Ok(true)
}

/// Refuses a stake beyond the cap, or beyond what the account has, before it is sent.
async fn check_stake(chain: &Chain, account: &AccountId, more: Balance) -> Result<(), Error> {
    let (best, _) = chain.best().await?;
    let cap = chain.seats(Some(best)).await?.max_stake;
    let bonded = chain.stake(account, best).await?.map_or(0, |stake| stake.total);
    let free = chain.balances(account, best).await?.free;
    allowed(bonded, more, free, cap).map_err(Error::Input)
}

fn allowed(bonded: Balance, more: Balance, free: Balance, cap: Balance) -> Result<(), String> {
    if bonded.saturating_add(more) > cap {
        return Err(format!(
            "a stake of {} is beyond the cap of {}: no more counts in an election; {} is bonded already, so at most {} can be added",
            show(bonded.saturating_add(more)),
            show(cap),
            show(bonded),
            show(cap.saturating_sub(bonded))
        ));
    }
    if more > free {
        return Err(format!("the account has {} free, not {}", show(free), show(more)));
    }
    Ok(())
}

async fn set_keys(
    context: &Context,
    chain: &Chain,
    given: Option<(String, String)>,
    key: &str,
) -> Result<bool, Error> {
    let account = HospitalKey::read(key)?.account();
    let (keys, proof) = match given {
        Some((keys, proof)) => (SessionKeys::from_bytes(&unhex(&keys)?)?, unhex(&proof)?),
        None => chain.rotate_keys(&account).await?,
    };
    let at = context.submit(chain, &calls::set_session_keys(&keys, &proof), key).await?.block;
    context.out.answer(
        &json!({ "account": account, "keys": keys, "block": at }),
        format!(
            "{account}: session keys set; they take effect in the session after the next. Keep the node with the old ones running until \
             then (`galen doctor` tells)"
        ),
    );
    Ok(true)
}

async fn list(context: &Context, chain: &Chain, hospital: Option<AccountId>) -> Result<bool, Error> {
    let (head, number) = chain.finalized().await?;
    let mut validators = chain.validators(Some(head)).await?;
    validators.retain(|validator| hospital.as_ref().is_none_or(|wanted| validator.hospital == *wanted));
    let names = super::names(chain, head).await?;
    let text: Vec<String> = validators
        .iter()
        .map(|v| {
            let name = names.get(&v.hospital).map_or("", String::as_str);
            format!(
                "{}  {name}, {}, stake {}, backing {}",
                v.account,
                state(v),
                show(v.stake),
                show(v.backing)
            )
        })
        .collect();
    context.out.answer(&json!({ "at": head, "block": number, "validators": validators }), text.join("\n"));
    Ok(true)
}

/// What a validator is at the moment, in a few words.
pub fn state(validator: &galen_primitives::member::ValidatorStatus) -> String {
    let mut words = vec![
        match (validator.active, validator.disabled, validator.candidate) {
            (true, true, _) => "DISABLED for an offence",
            (true, false, true) => "active",
            (true, false, false) => "active, leaves with the next era",
            (false, _, true) => "candidate",
            (false, _, false) => "not standing",
        }
        .to_owned(),
    ];
    if !validator.keyed {
        words.push("no session keys".into());
    }
    if validator.absent_sessions > 0 {
        words.push(format!("ABSENT for {} sessions", validator.absent_sessions));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use galen_client::amount::GLN;

    #[test]
    fn stakes_up_to_the_cap_and_what_the_account_has() {
        let cap = 1_000_000 * GLN;
        assert!(allowed(0, cap, cap, cap).is_ok());
        assert!(allowed(0, cap + 1, 2 * cap, cap).unwrap_err().contains("beyond the cap of 1000000 GLN"));
        assert!(allowed(cap, 1, cap, cap).unwrap_err().contains("at most 0 GLN can be added"));
        assert!(allowed(0, 2 * GLN, GLN, cap).unwrap_err().contains("has 1 GLN free"));
        assert!(allowed(1, Balance::MAX, Balance::MAX, cap).is_err());
    }

    #[test]
    fn commissions_are_percentages() {
        assert_eq!(commission("0").unwrap(), 0);
        assert_eq!(commission("2.5").unwrap(), 25_000_000);
        assert_eq!(commission("100").unwrap(), 1_000_000_000);
        for bad in ["-1", "101", "NaN", "x", ""] {
            assert!(commission(bad).is_err(), "{bad}");
        }
    }
}
