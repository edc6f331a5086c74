//! Which calls are let through: to everybody, and to an account's proxies.

use crate::{RuntimeCall, limits::MAX_STAKE};
use frame_support::traits::{Contains, InstanceFilter};

/// Refuses what must go another way, and what would be of no use.
///
/// `Staking::validate` and `Staking::nominate` make anyone a candidate or a voter; both come in through
/// pallet-consortium, which checks membership. More stake than [`MAX_STAKE`] counts for nothing and is bonded
/// for nothing. The filter travels with the origin through batches, proxies and multisigs. Root is not held
/// by it.
pub struct BaseCallFilter;

impl Contains<RuntimeCall> for BaseCallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_staking::Call;
        let RuntimeCall::Staking(call) = call else { return true };
        match call {
            Call::validate { .. } | Call::nominate { .. } => false,
            Call::bond { value, .. } | Call::bond_extra { max_additional: value } => *value <= MAX_STAKE,
            _ => true,
        }
    }
}

/// One account may let another do this much for it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    codec::Encode,
    codec::Decode,
    codec::DecodeWithMemTracking,
    codec::MaxEncodedLen,
    scale_info::TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// The healthcare pallets: a hospital's application keys.
    Healthcare,
    /// Staking, session keys, candidacy, votes, validator accounts and nodes: a hospital's validator
    /// operator.
    Validator,
    /// The council's motions and votes.
    Council,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            ProxyType::Any => true,
            ProxyType::Healthcare => is_healthcare_call(call),
            ProxyType::Validator => {
                matches!(call, RuntimeCall::Staking(_) | RuntimeCall::Session(_)) || is_validator_call(call)
            }
            ProxyType::Council => matches!(call, RuntimeCall::Council(_)),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == &ProxyType::Any || self == other
    }
}

/// Says whether a call is one of the healthcare pallets'.
pub fn is_healthcare_call(call: &RuntimeCall) -> bool {
    matches!(
        call,
        RuntimeCall::Consent(_)
            | RuntimeCall::Records(_)
            | RuntimeCall::Custody(_)
            | RuntimeCall::Federated(_)
            | RuntimeCall::Summaries(_)
            | RuntimeCall::Devices(_)
            | RuntimeCall::Emergency(_)
    )
}

/// Says whether a call is about a member's part in consensus: what the operator of its validators does.
pub fn is_validator_call(call: &RuntimeCall) -> bool {
    use pallet_consortium::Call;
    matches!(
        call,
        RuntimeCall::Consortium(
            Call::validate { .. }
                | Call::nominate { .. }
                | Call::add_validator { .. }
                | Call::remove_validator { .. }
                | Call::set_nodes { .. }
        )
    )
}
