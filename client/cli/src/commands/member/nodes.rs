//! `galen member nodes`.

use super::Context;
use galen_client::{Error, calls};
use galen_primitives::member::{PeerId, is_valid_peer_id};
use serde_json::json;

/// Where nodes are admitted, members' nodes talk only to nodes that members have listed.
#[derive(clap::Args)]
pub struct Nodes {
    /// Set the peer ids of all nodes of this hospital (12D3KooW...); those left out are no longer admitted.
    #[arg(long, value_delimiter = ',', value_parser = peer_id, requires = "key")]
    set: Option<Vec<PeerId>>,
    /// The hospital's key: a file or a development seed.
    #[arg(long, requires = "set")]
    key: Option<String>,
}

fn peer_id(text: &str) -> Result<PeerId, String> {
    let id = PeerId::try_from(text.as_bytes().to_vec()).ok().filter(|id| is_valid_peer_id(id));
    id.ok_or_else(|| format!("{text} is not a peer id: the node prints its own at its start (12D3KooW...)"))
}

pub async fn run(context: &Context, command: Nodes) -> Result<bool, Error> {
    let chain = context.chain().await?;
    if let (Some(nodes), Some(key)) = (command.set, command.key) {
        let at = context.submit(&chain, &calls::set_nodes(&nodes), &key).await?.block;
        let ids: Vec<_> = nodes.iter().map(|id| String::from_utf8_lossy(id).into_owned()).collect();
        context.out.answer(&json!({ "nodes": ids, "block": at }), format!("{} nodes set", ids.len()));
        return Ok(true);
    }
    let (head, _) = chain.finalized().await?;
    let Some(nodes) = chain.admitted_nodes(Some(head)).await? else {
        context.out.answer(&json!({ "admitted": null }), "the network is open to any node");
        return Ok(true);
    };
    let names = crate::commands::names(&chain, head).await?;
    let rows: Vec<_> = nodes
        .iter()
        .map(|(hospital, id)| (hospital, names.get(hospital), String::from_utf8_lossy(id).into_owned()))
        .collect();
    let value: Vec<_> = rows
        .iter()
        .map(|(hospital, name, id)| json!({ "hospital": hospital, "name": name, "node": id }))
        .collect();
    let text: Vec<_> =
        rows.iter().map(|(_, name, id)| format!("{id}  {}", name.map_or("", String::as_str))).collect();
    context.out.answer(&json!({ "admitted": value }), text.join("\n"));
    Ok(true)
}
