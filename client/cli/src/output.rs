//! Answers as text for people or as one JSON line for programs; errors always on standard error.

use clap::ValueEnum;
use galen_client::{Error, chain::Wait};
use serde_json::{Value, json};

/// How answers are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON value on one line.
    Json,
}

/// How long calls are waited for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WaitFor {
    /// Until in the best block.
    Best,
    /// Until final.
    Finalized,
}

impl From<WaitFor> for Wait {
    fn from(wait: WaitFor) -> Wait {
        match wait {
            WaitFor::Best => Wait::Best,
            WaitFor::Finalized => Wait::Finalized,
        }
    }
}

/// Where answers go.
#[derive(Clone, Copy)]
pub struct Output {
    format: Format,
}

impl Output {
    /// An output in that format.
    pub fn new(format: Format) -> Self {
        Output { format }
    }

    /// Prints an answer: `text` for people, or `value` as JSON.
    pub fn answer(&self, value: &Value, text: impl std::fmt::Display) {
        match self.format {
            Format::Json => println!("{value}"),
            Format::Text => println!("{text}"),
        }
    }

    /// Prints an error on standard error; as JSON with a `error` member, if JSON was asked for.
    pub fn error(&self, why: &Error) {
        match self.format {
            Format::Json => {
                let code = match why {
                    Error::Refused { pallet, error } => json!(format!("{pallet}.{error}")),
                    Error::Worker { code, .. } => json!(code),
                    _ => Value::Null,
                };
                eprintln!("{}", json!({ "error": why.to_string(), "code": code }));
            }
            Format::Text => eprintln!("galen: {why}"),
        }
    }
}
