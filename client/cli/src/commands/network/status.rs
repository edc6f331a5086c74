//! `galen network status`.

use crate::commands::{Context, names, validator::state};
use galen_client::{Error, amount::show, seats::Control};
use galen_primitives::{AccountId, member::ValidatorStatus};
use serde_json::{Value, json};

pub async fn run(context: &Context) -> Result<bool, Error> {
    let chain = context.chain().await?;
    let name: String = chain.request("system_chain").await?;
    let health: Value = chain.request("system_health").await?;
    let (_, best) = chain.best().await?;
    let (head, finalized) = chain.finalized().await?;
    let names = names(&chain, head).await?;
    let log = chain.audit_state(Some(head)).await?;
    let seats = chain.seats(Some(head)).await?;
    let validators = chain.validators(Some(head)).await?;
    let slashes = chain.slashes(head).await?;
    let council = chain.council(head).await?;
    let control = Control::of(validators.iter().filter(|v| v.active).map(|v| v.hospital.clone()));
    let named = |account: &_| names.get(account).cloned().unwrap_or_else(|| format!("{account}"));
    let words = control.words(council.len() as u32, named);

    let value = json!({
        "chain": name,
        "genesis": chain.genesis(),
        "best": best,
        "finalized": finalized,
        "peers": health["peers"],
        "syncing": health["isSyncing"],
        "members": names.len(),
        "auditEntries": log.count,
        "auditRoot": log.root(),
        "council": council.len(),
        "seats": seats,
        "validators": validators,
        "control": control,
        "attack": words,
        "slashes": slashes,
    });
    let mut text = format!(
        "{name} ({:?})\nbest {best}, finalized {finalized}, {} peers\n{} member hospitals, {} council seats, {} audit entries\nera {}, \
         session {}: {} seats taken of {}, at most {} for one hospital, stakes count up to {}\n\n",
        chain.genesis(),
        health["peers"],
        names.len(),
        council.len(),
        log.count,
        seats.era,
        seats.session,
        seats.active,
        seats.desired,
        seats.cap,
        show(seats.max_stake),
    );
    for holding in &control.holdings {
        text += &format!("{}: {} of {} seats\n", named(&holding.hospital), holding.seats, control.seats);
    }
    text.push('\n');
    for validator in &validators {
        text += &format!(
            "{}  {}, own stake {}, backing {}, {}\n",
            validator.account,
            named(&validator.hospital),
            show(validator.stake),
            show(validator.backing),
            state(validator)
        );
    }
    text.push('\n');
    for slash in &slashes {
        let when = slash.due.map_or(String::new(), |era| {
            format!(", taken with era {era} unless the council cancels it before")
        });
        text += &format!(
            "{} ({}) slashed by {} for an offence in era {}{when}\n",
            slash.validator,
            named(hospital_of(&validators, &slash.validator)),
            show(slash.amount),
            slash.era
        );
    }
    text += &words.join("\n");
    context.out.answer(&value, text);
    Ok(true)
}

/// The hospital of a validator; an account that is no longer one stands for itself.
fn hospital_of<'a>(validators: &'a [ValidatorStatus], account: &'a AccountId) -> &'a AccountId {
    validators.iter().find(|v| v.account == *account).map_or(account, |validator| &validator.hospital)
}
