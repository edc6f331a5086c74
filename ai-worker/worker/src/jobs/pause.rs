//! Why an attempt at a job is put off.

/// Why an attempt is put off; a later one may go better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(codec::Decode))]
pub enum Pause {
    /// The chain does not answer.
    Chain,
    /// The vault failed.
    Vault,
    /// The engine was stopped.
    Cancelled,
    /// The finalized block does not have the job or its record yet.
    NotFinalized,
    /// A task panicked.
    Panicked,
}

impl Pause {
    /// Each of them.
    pub const ALL: [Pause; 5] =
        [Pause::Chain, Pause::Vault, Pause::Cancelled, Pause::NotFinalized, Pause::Panicked];

    /// How it is called in metrics and in the log.
    pub fn name(self) -> &'static str {
        match self {
            Pause::Chain => "chain",
            Pause::Vault => "vault",
            Pause::Cancelled => "cancelled",
            Pause::NotFinalized => "not finalized",
            Pause::Panicked => "panicked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Decode;

    #[test]
    fn every_pause_is_listed() {
        let known = (0..=u8::MAX).filter_map(|byte| Pause::decode(&mut [byte].as_slice()).ok());
        assert_eq!(known.collect::<Vec<_>>(), Pause::ALL);
    }
}
