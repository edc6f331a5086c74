//! `records_`: what is anchored, and items in custody.

use super::{
    methods::{Methods, Registered, pages, value},
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
    })?;
    value(methods, "records_item", &["id"], |api, at, args| found("item", api.item(at, args.get("id")?)?))?;
    pages(methods, "records_custody", &["id"], |api, at, args, from: Option<u32>, limit| {
        let id = args.get("id")?;
        let item = found("item", api.item(at, id)?)?;
        let from = from.unwrap_or(0);
        let next = from.saturating_add(limit);
        let mut steps = api.custody(at, id, from)?;
        steps.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((steps, (next < item.steps).then_some(next)))
    })
}
