//! `records_`: what is anchored.

use super::{
    methods::{Methods, Registered, value},
    reader::found,
};
use galen_primitives::api::RecordsApi;

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "records_record", &["id"], |api, at, args| {
        found("record", api.record(at, args.get("id")?)?)
    })?;
    value(methods, "records_batch", &["root"], |api, at, args| {
        found("batch", api.batch(at, args.get("root")?)?)
    })?;
    value(methods, "records_erasedLeaf", &["commitment"], |api, at, args| {
        found("erased leaf", api.erased_leaf(at, args.get("commitment")?)?)
    })
}
