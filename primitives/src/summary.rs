//! Summary jobs, receipts, and what a worker's key signs.

use crate::{
    AccountId, BlockNumber, H256,
    commitment::tagged_hash,
    consent::{Purpose, Reason},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The id of a job: a reorganisation cannot give one id to two requests, since it hashes the requester's nonce.
pub fn job_id(
    genesis: &H256,
    record: &H256,
    model: &H256,
    purpose: Purpose,
    requester: &AccountId,
    nonce: u32,
) -> H256 {
    tagged_hash(
        b"galen:job:v1",
        &[
            genesis.as_bytes(),
            record.as_bytes(),
            model.as_bytes(),
            &purpose.encode(),
            requester.as_ref(),
            &nonce.encode(),
        ],
    )
}

/// What the worker says about a summary that it made. All hashes are BLAKE2b-256.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Receipt {
    /// Commitment of the input document: the record's id.
    pub input: H256,
    /// Salted commitment of the summary (scheme JCS).
    pub output: H256,
    /// Hash of the model file.
    pub model: H256,
    /// Hash of the adapter, if one was applied.
    pub adapter: Option<H256>,
    /// Hash of the prompt template.
    pub template: H256,
    /// Hash of the decoding parameters.
    pub parameters: H256,
    /// Hash of the engine build's description.
    pub engine: H256,
    /// The patient's consent version that the worker saw permit at a finalized block; `None` if none did.
    pub consent: Option<u32>,
    /// The access that the worker saw open there, for the purpose BTG. At least one of the two is there.
    pub access: Option<H256>,
    /// Tokens evaluated from prompts.
    pub prompt_tokens: u32,
    /// Tokens decoded.
    pub output_tokens: u32,
    /// Facts dropped because the source does not support them.
    pub unsupported: u32,
    /// Milliseconds spent decoding.
    pub millis: u32,
}

/// Why a job ended without a summary. Codes are stable: new ones are appended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Failure {
    /// The worker has no document for this record.
    DocumentMissing,
    /// The document does not match its commitment.
    CommitmentMismatch,
    /// The document holds no text that can be summarised.
    DocumentUnreadable,
    /// The worker runs another model than the job asks for.
    ModelMismatch,
    /// The worker saw consent refused at a finalized block.
    ConsentRefused,
    /// The model could not be run.
    EngineFailed,
    /// The node could not reach its worker before the deadline.
    WorkerUnreachable,
    /// The worker refused the node's token.
    WorkerUnauthorized,
    /// The worker answered what the node could not read.
    WorkerGarbage,
    /// The worker did not finish before the deadline.
    WorkerTooSlow,
}

impl Failure {
    /// Every failure, in code order.
    pub const ALL: [Failure; 10] = [
        Failure::DocumentMissing,
        Failure::CommitmentMismatch,
        Failure::DocumentUnreadable,
        Failure::ModelMismatch,
        Failure::ConsentRefused,
        Failure::EngineFailed,
        Failure::WorkerUnreachable,
        Failure::WorkerUnauthorized,
        Failure::WorkerGarbage,
        Failure::WorkerTooSlow,
    ];

    /// Its code, as it stands in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Failure::DocumentMissing => "documentMissing",
            Failure::CommitmentMismatch => "commitmentMismatch",
            Failure::DocumentUnreadable => "documentUnreadable",
            Failure::ModelMismatch => "modelMismatch",
            Failure::ConsentRefused => "consentRefused",
            Failure::EngineFailed => "engineFailed",
            Failure::WorkerUnreachable => "workerUnreachable",
            Failure::WorkerUnauthorized => "workerUnauthorized",
            Failure::WorkerGarbage => "workerGarbage",
            Failure::WorkerTooSlow => "workerTooSlow",
        }
    }

    /// Whether a worker answers a job so; the others are what the node says of its worker.
    pub fn is_workers(self) -> bool {
        match self {
            Failure::DocumentMissing
            | Failure::CommitmentMismatch
            | Failure::DocumentUnreadable
            | Failure::ModelMismatch
            | Failure::ConsentRefused
            | Failure::EngineFailed
            | Failure::WorkerTooSlow => true,
            Failure::WorkerUnreachable | Failure::WorkerUnauthorized | Failure::WorkerGarbage => false,
        }
    }
}

/// What a worker's key signs for a job.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum Outcome {
    /// A summary was made.
    Done(Receipt),
    /// None was made.
    Failed(Failure),
}

/// The bytes that a worker's key signs to submit an outcome.
pub fn submission_payload(genesis: &H256, job: &H256, outcome: &Outcome) -> Vec<u8> {
    (b"galen:submit:v1", genesis, job, outcome).encode()
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum JobStatus {
    /// Waiting for the worker.
    Open,
    /// The receipt is anchored.
    Done {
        /// What was anchored.
        receipt: Receipt,
        /// In which block.
        at: BlockNumber,
    },
    /// The worker or the node gave up.
    Failed {
        /// Why.
        failure: Failure,
        /// In which block.
        at: BlockNumber,
    },
    /// A summary was offered, but consent no longer permitted it: nothing was anchored.
    Refused {
        /// Why.
        reason: Reason,
        /// In which block.
        at: BlockNumber,
    },
    /// Nobody answered before the deadline. Never stored: found when read.
    Expired,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Job {
    /// The record to summarise.
    pub record: H256,
    /// The model to do it with.
    pub model: H256,
    /// What for.
    pub purpose: Purpose,
    /// The hospital that asked and whose worker answers.
    pub hospital: AccountId,
    /// While it is open, the hospital's worker key at the request; once settled, the one that signed the outcome. The
    /// two differ if the key was rotated in between.
    pub worker_key: H256,
    /// The patient's consent version that permitted the request; `None` if none did.
    pub consent: Option<u32>,
    /// The access that was open at the request, for the purpose BTG. At least one of the two is there.
    pub access: Option<H256>,
    /// The block of the request.
    pub requested_at: BlockNumber,
    /// The last block in which an outcome is accepted.
    pub deadline: BlockNumber,
    /// Where it stands.
    pub status: JobStatus,
}

impl Job {
    /// The status as seen at block `now`: an open job past its deadline has expired.
    pub fn status_at(&self, now: BlockNumber) -> JobStatus {
        match self.status {
            JobStatus::Open if now > self.deadline => JobStatus::Expired,
            ref status => status.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_listed_under_its_code() {
        let known = (0..=u8::MAX).filter_map(|byte| Failure::decode(&mut [byte].as_slice()).ok());
        assert_eq!(known.collect::<Vec<_>>(), Failure::ALL);
        for failure in Failure::ALL {
            assert_eq!(serde_json::to_value(failure).unwrap(), failure.code());
        }
    }
}
