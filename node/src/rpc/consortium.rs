//! `consortium_`: the member hospitals, their validators and worker keys.

use super::{
    methods::{Methods, Registered, list, value},
    reader::found,
};
use galen_primitives::{
    AccountId,
    api::ConsortiumApi,
    member::{Member, PeerId},
};
use serde::Serialize;

#[derive(Clone, Serialize)]
struct Hospital {
    account: AccountId,
    #[serde(flatten)]
    member: Member,
}

#[derive(Clone, Serialize)]
struct Node {
    hospital: AccountId,
    #[serde(with = "galen_primitives::text")]
    peer: PeerId,
}

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    list(methods, "consortium_members", &[], |api, at, _| {
        let members = api.members(at)?.into_iter();
        Ok(members.map(|(account, member)| Hospital { account, member }).collect())
    })?;
    value(methods, "consortium_member", &["account"], |api, at, args| {
        let account: AccountId = args.get("account")?;
        let member = found("member", api.member(at, account.clone())?)?;
        Ok(Hospital { account, member })
    })?;
    list(methods, "consortium_validators", &[], |api, at, _| Ok(api.validators(at)?))?;
    value(methods, "consortium_seats", &[], |api, at, _| Ok(api.seats(at)?))?;
    list(methods, "consortium_workerKeys", &["account"], |api, at, args| {
        Ok(api.worker_keys(at, args.get("account")?)?)
    })?;
    value(methods, "consortium_admittedNodes", &[], |api, at, _| {
        let nodes = api.admitted_nodes(at)?;
        let nodes = nodes.map(|nodes| nodes.into_iter().map(|(hospital, peer)| Node { hospital, peer }));
        Ok(nodes.map(Iterator::collect::<Vec<_>>))
    })
}
