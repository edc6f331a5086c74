//! The runtime APIs: what nodes and clients ask of a state.

use crate::{
    AccountId, Audit, AuthorityDiscovery, Babe, Balance, Block, BlockNumber, Consent, Consortium, Custody,
    Devices, Emergency, Executive, Federated, Grandpa, Hash, Header, InherentDataExt, Nonce, Records,
    Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, Staking, Summaries, System, TransactionPayment,
    UncheckedExtrinsic, UnixSeconds, VERSION,
    configs::{
        consensus::{BABE_GENESIS_EPOCH_CONFIG, key_ownership_proof},
        seats,
    },
    genesis,
    parameters::{self, EpochDuration},
};
use alloc::vec::Vec;
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::Get,
    weights::Weight,
};
use galen_primitives::{
    H256,
    audit::{
        ConsistencyProof, Filter, InclusionProof, LogState, Page,
        disclosure::{ReportedBatch, SiteStatus},
    },
    consent::{
        ConsentTerms, ConsentVersion, Decision, Guardianship, Mandate, OwedPage, Patient, Question, Use,
    },
    devices::{
        Device,
        reading::{AnchoredReadings, ReadingSite},
    },
    emergency::{AccessPage, ListedAccess, Ruling},
    member::{Member, PeerId, Seats, ValidatorStatus, WorkerKeyPeriod},
    model::{Model, Round, Update},
    records::{
        Record,
        batch::{Batch, ErasedLeaf},
        custody::{CustodyStep, Item},
    },
    signature::RelyingParty,
    summary::Job,
    traits::{ConsentCheck as _, EmergencyCheck as _, ModelLookup as _},
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_authority_discovery::AuthorityId as AuthorityDiscoveryId;
use sp_core::{OpaqueMetadata, crypto::KeyTypeId};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<UncheckedExtrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(block: <Block as BlockT>::LazyBlock, data: InherentData) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            transaction: UncheckedExtrinsic,
            block: Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, transaction, block)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch = Babe::epoch_config().unwrap_or(BABE_GENESIS_EPOCH_CONFIG);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: EpochDuration::<Runtime>::get(),
                c: epoch.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _slot: sp_consensus_babe::Slot,
            authority_id: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            key_ownership_proof(sp_consensus_babe::KEY_TYPE, authority_id)
                .map(sp_consensus_babe::OpaqueKeyOwnershipProof::new)
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_babe::EquivocationProof<Header>,
            key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<Hash, BlockNumber>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            key_ownership_proof(sp_consensus_grandpa::KEY_TYPE, authority_id)
                .map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
        }
    }

    impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
        fn authorities() -> Vec<AuthorityDiscoveryId> {
            AuthorityDiscovery::authorities()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(transaction: UncheckedExtrinsic, length: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(transaction, length)
        }

        fn query_fee_details(transaction: UncheckedExtrinsic, length: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(transaction, length)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
        for Runtime
    {
        fn query_call_info(call: RuntimeCall, length: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, length)
        }

        fn query_call_fee_details(call: RuntimeCall, length: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, length)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_staking_runtime_api::StakingApi<Block, Balance, AccountId> for Runtime {
        fn nominations_quota(balance: Balance) -> u32 {
            Staking::api_nominations_quota(balance)
        }

        fn eras_stakers_page_count(era: sp_staking::EraIndex, account: AccountId) -> sp_staking::Page {
            Staking::api_eras_stakers_page_count(era, account)
        }

        fn pending_rewards(era: sp_staking::EraIndex, account: AccountId) -> bool {
            Staking::api_pending_rewards(era, account)
        }
    }

    impl galen_primitives::api::ConsortiumApi<Block> for Runtime {
        fn members() -> Vec<(AccountId, Member)> {
            Consortium::members()
        }

        fn member(account: AccountId) -> Option<Member> {
            Consortium::member(account)
        }

        fn validators() -> Vec<ValidatorStatus> {
            seats::validators()
        }

        fn seats() -> Seats {
            seats::seats()
        }

        fn worker_keys(account: AccountId) -> Vec<WorkerKeyPeriod> {
            Consortium::worker_keys(&account)
        }

        fn admitted_nodes() -> Option<Vec<(AccountId, PeerId)>> {
            parameters::MembersOnlyPeers::<Runtime>::get().then(Consortium::nodes)
        }
    }

    impl galen_primitives::api::ConsentApi<Block> for Runtime {
        fn patient(patient: AccountId) -> Option<Patient> {
            Consent::patient(&patient)
        }

        fn consents(patient: AccountId) -> Vec<ConsentVersion> {
            Consent::consents(&patient)
        }

        fn decide(question: Question) -> Decision {
            Consent::decide(&question)
        }

        fn decide_at(question: Question, at: BlockNumber, now: UnixSeconds) -> Decision {
            Consent::decide_at(&question, at, now)
        }

        fn grant_text(terms: ConsentTerms, grantor: AccountId, valid_until: UnixSeconds) -> Option<Vec<u8>> {
            Consent::grant_text(&terms, &grantor, valid_until)
        }

        fn revoke_text(
            patient: AccountId,
            id: u32,
            grantor: AccountId,
            valid_until: UnixSeconds,
        ) -> Option<Vec<u8>> {
            Consent::revoke_text(&patient, id, &grantor, valid_until)
        }

        fn appoint_text(
            patient: AccountId,
            delegate: AccountId,
            mandate: Mandate,
            valid_until: UnixSeconds,
        ) -> Option<Vec<u8>> {
            Consent::appoint_text(&patient, &delegate, &mandate, valid_until)
        }

        fn dismiss_text(
            patient: AccountId,
            delegate: AccountId,
            valid_until: UnixSeconds,
        ) -> Option<Vec<u8>> {
            Consent::dismiss_text(&patient, &delegate, valid_until)
        }

        fn guardians(patient: AccountId) -> Vec<(AccountId, Guardianship)> {
            Consent::guardians(&patient)
        }

        fn owed(hospital: AccountId, after: Option<(AccountId, u32)>, limit: u32) -> OwedPage {
            Consent::owed(&hospital, after, limit)
        }

        fn uses(patient: AccountId, consent: u32) -> Vec<(AccountId, Use)> {
            Consent::uses(&patient, consent)
        }

        fn relying_parties() -> Vec<RelyingParty> {
            Consent::relying_parties()
        }
    }

    impl galen_primitives::api::EmergencyApi<Block> for Runtime {
        fn access(id: H256) -> Option<ListedAccess> {
            Emergency::access(id)
        }

        fn open_accesses(hospital: AccountId, after: Option<H256>, limit: u32) -> AccessPage {
            Emergency::open_accesses(&hospital, after, limit)
        }

        fn unreviewed(
            hospital: AccountId,
            overdue_only: bool,
            after: Option<H256>,
            limit: u32,
        ) -> AccessPage {
            Emergency::unreviewed(&hospital, overdue_only, after, limit)
        }

        fn rule(question: Question, record: Option<H256>) -> Ruling {
            Emergency::rule(&question, record.as_ref())
        }
    }

    impl galen_primitives::api::RecordsApi<Block> for Runtime {
        fn record(id: H256) -> Option<Record> {
            Records::record(&id)
        }

        fn batch(root: H256) -> Option<Batch> {
            Records::batch(&root)
        }

        fn erased_leaf(commitment: H256) -> Option<ErasedLeaf> {
            Records::erased_leaf(&commitment)
        }
    }

    impl galen_primitives::api::CustodyApi<Block> for Runtime {
        fn item(id: H256) -> Option<Item> {
            Custody::item(&id)
        }

        fn steps(id: H256, from: u32) -> Vec<CustodyStep> {
            Custody::steps(&id, from)
        }
    }

    impl galen_primitives::api::FederatedApi<Block> for Runtime {
        fn model(hash: H256) -> Option<Model> {
            Federated::model(&hash)
        }

        fn round(id: u32) -> Option<Round> {
            Federated::round(id)
        }

        fn updates(round: u32) -> Vec<(AccountId, Update)> {
            Federated::updates(round)
        }
    }

    impl galen_primitives::api::AuditApi<Block> for Runtime {
        fn state() -> LogState {
            Audit::state()
        }

        fn entries(filter: Filter, from: u64, limit: u32) -> Page {
            Audit::entries(filter, from, limit)
        }

        fn holders(patient: AccountId) -> Vec<(AccountId, u64)> {
            Audit::holders(patient)
        }

        fn inclusion_proof(index: u64, size: u64) -> Option<InclusionProof> {
            Audit::inclusion_proof(index, size)
        }

        fn consistency_proof(old: u64, new: u64) -> Option<ConsistencyProof> {
            Audit::consistency_proof(old, new)
        }

        fn sites() -> Vec<SiteStatus> {
            let members = Consortium::members().into_iter().map(|(account, _)| account);
            Audit::sites(members.collect())
        }

        fn disclosure_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<ReportedBatch> {
            Audit::disclosure_batches(hospital, from, limit)
        }
    }

    impl galen_primitives::api::DevicesApi<Block> for Runtime {
        fn device(id: H256) -> Option<Device> {
            Devices::device(&id)
        }

        fn devices(hospital: AccountId, after: Option<H256>, limit: u32) -> Vec<(H256, Device)> {
            Devices::devices(&hospital, after, limit)
        }

        fn reading_site(hospital: AccountId) -> ReadingSite {
            Devices::reading_site(&hospital)
        }

        fn reading_batches(hospital: AccountId, from: u64, limit: u32) -> Vec<AnchoredReadings> {
            Devices::reading_batches(&hospital, from, limit)
        }
    }

    impl galen_primitives::api::SummariesApi<Block> for Runtime {
        fn job(id: H256) -> Option<Job> {
            Summaries::job(id)
        }

        fn open_jobs(hospital: AccountId) -> Vec<H256> {
            Summaries::open_jobs(hospital)
        }

        fn check(id: H256) -> Option<Ruling> {
            Summaries::check(id)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::NAMES.iter().map(|name| sp_genesis_builder::PresetId::from(*name)).collect()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            use crate::Conduct;
            use frame_support::traits::StorageInfoTrait;
            let mut list = Vec::new();
            list_benchmarks!(list, extra);
            (list, crate::AllPalletsWithSystem::storage_info())
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            use crate::Conduct;
            use frame_support::traits::WhitelistedStorageKeys;
            let whitelist = crate::AllPalletsWithSystem::whitelisted_storage_keys();
            let mut batches = Vec::new();
            let params = (&config, &whitelist);
            add_benchmarks!(params, batches);
            Ok(batches)
        }
    }
}
