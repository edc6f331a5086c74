//! `custody_`: items, and who held them.

use super::{
    methods::{Methods, Registered, pages, value},
    reader::found,
};
use galen_primitives::api::CustodyApi;

/// Registers the namespace.
pub fn register(methods: &mut Methods) -> Registered {
    value(methods, "custody_item", &["id"], |api, at, args| found("item", api.item(at, args.get("id")?)?))?;
    pages(methods, "custody_steps", &["id"], |api, at, args, from: Option<u32>, limit| {
        let id = args.get("id")?;
        let item = found("item", api.item(at, id)?)?;
        let from = from.unwrap_or(0);
        let next = from.saturating_add(limit);
        let mut steps = api.steps(at, id, from)?;
        steps.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((steps, (next < item.steps).then_some(next)))
    })
}
