//! Devices and their readings, as clients and workers ask for them.

#[cfg(doc)]
use super::MAX_PAGE;
use crate::{
    AccountId, H256,
    devices::{
        Device,
        reading::{AnchoredReadings, ReadingSite},
    },
};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// Devices and their readings.
    pub trait DevicesApi {
        /// One device.
        fn device(id: H256) -> Option<Device>;
        /// A hospital's devices, retired ones included, in no order; at most `limit` and never more than
        /// [`MAX_PAGE`], from the one after `after` on.
        fn devices(hospital: AccountId, after: Option<H256>, limit: u32) -> Vec<(H256, Device)>;
        /// How far a hospital has anchored its readings.
        fn reading_site(hospital: AccountId) -> ReadingSite;
        /// A hospital's batches of readings from number `from` on; at most `limit` and never more than
        /// [`MAX_PAGE`].
        fn reading_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<AnchoredReadings>;
    }
}
