//! `galen network verify-spec`: what each hospital does before it starts a node on a published spec.

use crate::commands::{Context, account, hash};
use galen_client::{
    Error,
    amount::show,
    founding::Public,
    spec::{Founder, Genesis, Hashes, Spec, problems},
};
use galen_primitives::{AccountId, H256};
use serde_json::json;
use std::path::PathBuf;

/// Reads a raw chain spec, prints what the founders agree on and what speaks against it.
#[derive(clap::Args)]
pub struct VerifySpec {
    /// The raw chain spec.
    file: PathBuf,
    /// The hash that was published: of the file, or of the genesis block.
    #[arg(long, value_parser = hash)]
    hash: Option<H256>,
    /// The hospital that must be in, by its account.
    #[arg(long, value_parser = account)]
    member: Option<AccountId>,
    /// The hospital's own public.json: its keys, name and node must stand in the spec.
    #[arg(long)]
    public: Option<PathBuf>,
}

pub fn run(context: &Context, command: &VerifySpec) -> Result<bool, Error> {
    let spec = Spec::read(&command.file)?;
    let hashes = spec.hashes()?;
    let genesis = spec.genesis()?;
    let mut found = problems(&spec, &genesis);
    if let Some(expected) = command.hash
        && expected != hashes.file_hash
        && expected != hashes.genesis_hash
    {
        found.push(format!(
            "the hash is not {expected:?}: the file's is {:?}, the genesis block's {:?}. This is not the spec that was published",
            hashes.file_hash, hashes.genesis_hash
        ));
    }
    let member = command.member.as_ref().map(|wanted| {
        let founder = genesis.founders.iter().find(|founder| founder.account == *wanted);
        if founder.is_none() {
            found.push(format!("{wanted} is no member"));
        }
        founder
    });
    if let Some(file) = &command.public {
        compare(&Public::read(file)?, &genesis, &mut found);
    }
    let value = json!({
        "name": spec.name, "id": spec.id, "chainType": spec.kind, "bootNodes": spec.boot_nodes,
        "hashes": hashes, "genesis": genesis, "member": member.flatten(), "problems": found,
    });
    context.out.answer(&value, text(&spec, &hashes, &genesis, member.flatten(), &found));
    Ok(found.is_empty())
}

/// Whether a hospital stands in the spec as it sent itself.
fn compare(own: &Public, genesis: &Genesis, found: &mut Vec<String>) {
    let Some(founder) = genesis.founders.iter().find(|founder| founder.account == own.account) else {
        found.push(format!("{} ({}) is no member", own.name, own.account));
        return;
    };
    for (what, same) in [
        ("name", founder.name == own.name),
        ("session keys", founder.session_keys.as_ref() == Some(&own.session_keys)),
        ("worker key", founder.worker_key == Some(own.worker_key)),
        ("node", !genesis.members_only_peers || founder.nodes.contains(&own.peer_id)),
    ] {
        if !same {
            found.push(format!("the {what} of {} is not what its public.json says", own.name));
        }
    }
}

fn text(
    spec: &Spec,
    hashes: &Hashes,
    genesis: &Genesis,
    member: Option<&Founder>,
    problems: &[String],
) -> String {
    let mut text = format!(
        "{} (`{}`, {})\nfile     {:?}\ngenesis  {:?}\ncode     {:?}, runtime version {}\n\nepochs of {} blocks, eras of {} epochs, summaries \
         within {} blocks\nat most {} seats; one is lost after {} absent sessions; slashes are due after {} eras; {} to the validators of an era\n{}\n",
        spec.name,
        spec.id,
        spec.kind,
        hashes.file_hash,
        hashes.genesis_hash,
        hashes.code_hash,
        hashes.spec_version,
        genesis.epoch_blocks,
        genesis.sessions_per_era,
        genesis.job_blocks,
        genesis.seats,
        genesis.absence_sessions,
        genesis.slash_defer_eras,
        show(genesis.era_reward),
        if genesis.members_only_peers { "nodes talk to members' nodes only" } else { "any node may join" },
    );
    for node in &spec.boot_nodes {
        text += &format!("boot node {node}\n");
    }
    for founder in &genesis.founders {
        text += &format!("\n{}", lines(founder));
    }
    text += &format!("\ntreasury {}\n", show(genesis.treasury));
    for holder in &genesis.others {
        text += &format!("{} has {}\n", holder.account, show(holder.balance));
    }
    for model in &genesis.models {
        text += &format!("model {model:?} is registered\n");
    }
    if let Some(founder) = member {
        text += &format!("\n{} is a member; compare the keys above with your own\n", founder.name);
    }
    match problems {
        [] => text + "\nnothing speaks against it; compare the hashes with those that the others have",
        problems => text + &format!("\nREFUSED:\n- {}", problems.join("\n- ")),
    }
}

fn lines(founder: &Founder) -> String {
    let mut text = format!(
        "{}\n  account             {}\n  stake               {} and {} beside it\n  council             {}\n",
        founder.name,
        founder.account,
        show(founder.stake),
        show(founder.free),
        if founder.council { "a seat" } else { "no seat" },
    );
    for (name, _, key) in founder.session_keys.iter().flat_map(|keys| keys.named()) {
        text += &format!("  {name:<19} {key:?}\n");
    }
    if let Some(key) = founder.worker_key {
        text += &format!("  worker key          {key:?}\n");
    }
    for node in &founder.nodes {
        text += &format!("  node                {node}\n");
    }
    text
}
