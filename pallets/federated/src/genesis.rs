//! Models that are there from the start.

use crate::{Config, Models, model::is_valid_text};
use alloc::string::String;
use frame_support::pallet_macros::pallet_section;
use galen_primitives::{
    H256,
    model::{Model, ModelStatus, ModelTerms, ShortText},
};
use serde::{Deserialize, Serialize};

/// A model of genesis, as it stands in a chain specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisModel {
    /// BLAKE2b-256 of the model file.
    pub hash: H256,
    /// A short name; 1 to 64 bytes.
    pub name: String,
    /// The model of genesis, earlier in the list, that it was derived from, if any.
    pub parent: Option<H256>,
    /// SPDX licence expression; 1 to 64 bytes.
    pub licence: String,
    /// BLAKE2b-256 of the model card.
    pub card: H256,
}

/// Writes the models; panics, as genesis may, on what no call would let in.
pub(crate) fn build<T: Config>(models: &[GenesisModel]) {
    for model in models {
        assert!(!Models::<T>::contains_key(model.hash), "federated: a model of genesis comes twice");
        assert!(
            model.parent.is_none_or(Models::<T>::contains_key),
            "federated: a model of genesis comes before its parent"
        );
        let terms = ModelTerms {
            hash: model.hash,
            name: text(&model.name),
            parent: model.parent,
            licence: text(&model.licence),
            card: model.card,
        };
        let status = ModelStatus::Approved;
        Models::<T>::insert(
            model.hash,
            Model { terms, registrant: None, registered_at: 0, status, status_since: 0 },
        );
    }
}

fn text(text: &str) -> ShortText {
    assert!(is_valid_text(text.as_bytes()), "federated: a model of genesis has no valid name or licence");
    let Ok(text) = ShortText::try_from(text.as_bytes().to_vec()) else {
        panic!("federated: a name or licence of genesis is too long");
    };
    text
}

#[pallet_section]
mod genesis {
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Models that are approved from the start; a parent comes before what was derived from it.
        pub models: Vec<GenesisModel>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build::<T>(&self.models);
        }
    }
}
