//! Stable error codes. Messages say nothing of a document's content.

use serde_json::Value;

macro_rules! codes {
    ($(
        $(#[doc = $meaning:literal])*
        $code:ident = $number:literal $name:literal
    ),* $(,)?) => {
        /// Why a method failed. Numbers and names are stable: new ones are appended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(
            $(#[doc = $meaning])*
            $code
        ),* }

        impl Code {
            /// Each of them.
            pub const ALL: [Code; [$($name),*].len()] = [$(Code::$code),*];

            /// The number in JSON-RPC's `error.code`.
            pub const fn number(self) -> i32 {
                match self { $(Code::$code => $number),* }
            }

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$code => $name),* }
            }

            /// What it means.
            pub fn meaning(self) -> String {
                crate::shape::paragraph(match self { $(Code::$code => &[$($meaning),*]),* })
            }
        }
    };
}

codes! {
    /// The credential does not allow this method.
    Forbidden = -32040 "forbidden",
    /// There is nothing under this id, or it was erased.
    NotFound = -32041 "notFound",
    /// The queue of jobs is full, or a backup is being made already.
    Busy = -32042 "busy",
    /// The document cannot be taken in; the message says why and repeats none of it.
    InvalidDocument = -32043 "invalidDocument",
    /// The chain refuses for want of consent; `data.reason` says why, `data.block` where.
    ConsentRefused = -32044 "consentRefused",
    /// The chain cannot be asked now.
    ChainUnavailable = -32045 "chainUnavailable",
    /// The job has no summary; `data.state` says where it stands.
    NotReady = -32046 "notReady",
    /// The disk is full or fails; nothing was changed.
    Storage = -32047 "storage",
    /// What is stored does not match its commitment, does not decrypt, or is not what the chain has.
    Damaged = -32048 "damaged",
    /// More calls per second than this credential may make.
    Limited = -32049 "limited",
    /// The worker is not open for documents yet; the message says why.
    Starting = -32050 "starting",
    /// The parameters are not those of the method; the message names them.
    InvalidParams = -32602 "invalidParams",
    /// The worker failed by a fault of its own.
    Internal = -32603 "internal",
}

impl Code {
    /// With what any method may fail.
    pub const ALWAYS: [Code; 4] = [Code::Forbidden, Code::Limited, Code::InvalidParams, Code::Internal];

    /// The code of this number, if it is one of the worker's.
    pub fn of(number: i32) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.number() == number)
    }
}

/// An error of a method, as it is answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct MethodError {
    /// Which.
    pub code: Code,
    /// In words, without anything of a document.
    pub message: String,
    /// More, where the code's meaning says so.
    pub data: Option<Value>,
}

impl MethodError {
    /// An error without data.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        MethodError { code, message: message.into(), data: None }
    }

    /// An error with data.
    pub fn with_data(code: Code, message: impl Into<String>, data: Value) -> Self {
        MethodError { code, message: message.into(), data: Some(data) }
    }
}

#[cfg(feature = "server")]
impl From<MethodError> for jsonrpsee::types::ErrorObjectOwned {
    fn from(error: MethodError) -> Self {
        Self::owned(error.code.number(), error.message, error.data)
    }
}
