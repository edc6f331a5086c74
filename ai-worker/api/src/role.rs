//! What credentials are for.

use crate::shape::choice;

choice! {
    /// What a credential is for.
    pub enum Role {
        /// The node's offchain workers: hand jobs over, collect receipts and batches, and nothing else.
        Node = "node",
        /// An application: puts and gets documents.
        App = "app",
        /// A clinician: reads documents and, where consent permits it, summaries.
        Clinician = "clinician",
        /// A gateway of devices: hands readings over, and nothing else.
        Device = "device",
        /// The operator: erases, backs up, reads the log of disclosures and the worker's health.
        Operator = "operator",
    }
}
