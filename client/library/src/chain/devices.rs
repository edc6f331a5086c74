//! Devices, and the batches in which hospitals' workers anchored their readings.

use super::Chain;
use crate::Error;
use galen_primitives::{
    AccountId, H256,
    devices::{
        Device,
        reading::{AnchoredReadings, ReadingSite},
    },
};

impl Chain {
    /// A registered device.
    pub async fn device(&self, id: H256, at: Option<H256>) -> Result<Option<Device>, Error> {
        self.call("DevicesApi_device", id, at).await
    }

    /// One page of a hospital's devices, in no order, from the one after `after` on.
    pub async fn devices(
        &self,
        hospital: &AccountId,
        after: Option<H256>,
        limit: u32,
        at: Option<H256>,
    ) -> Result<Vec<(H256, Device)>, Error> {
        self.call("DevicesApi_devices", (hospital, after, limit), at).await
    }

    /// How far a hospital has anchored its readings.
    pub async fn reading_site(&self, hospital: &AccountId, at: Option<H256>) -> Result<ReadingSite, Error> {
        self.call("DevicesApi_reading_site", hospital, at).await
    }

    /// A hospital's batches of readings from number `from` on.
    pub async fn reading_batches(
        &self,
        hospital: &AccountId,
        from: u64,
        limit: u32,
        at: Option<H256>,
    ) -> Result<Vec<AnchoredReadings>, Error> {
        self.call("DevicesApi_reading_batches", (hospital, from, limit), at).await
    }
}
