//! Builds the rehearsed runtime as wasm if asked to (feature `std`, which scripts/next-runtime sets).

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::init_with_defaults().enable_feature("rehearsal").build();
}
