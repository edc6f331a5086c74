//! `federated_`: models, rounds and updates.

use super::{
    methods::{Methods, Registered, list, value},
    reader::found,
};
use galen_primitives::{AccountId, api::FederatedApi, model::Update};
use serde::Serialize;

#[derive(Clone, Serialize)]
struct MemberUpdate {
    member: AccountId,
    #[serde(flatten)]
    update: Update,
}

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "federated_model", &["hash"], |api, at, args| {
        found("model", api.model(at, args.get("hash")?)?)
    })?;
    value(methods, "federated_round", &["id"], |api, at, args| {
        found("round", api.round(at, args.get("id")?)?)
    })?;
    list(methods, "federated_updates", &["round"], |api, at, args| {
        let updates = api.updates(at, args.get("round")?)?.into_iter();
        Ok(updates.map(|(member, update)| MemberUpdate { member, update }).collect())
    })
}
