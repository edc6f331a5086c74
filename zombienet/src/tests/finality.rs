//! Everybody finalizes the same.

use super::{Bench, Held};
use crate::{ensure, error::Result, wait::seconds};

pub async fn finality(bench: &mut Bench) -> Result<Held> {
    let network = bench.four().await?;
    network.finalizes(6, seconds(90)).await?;
    let common = network.agrees().await?;
    ensure!(common >= 6, "only {common} blocks are final everywhere");
    Ok(Held::seen(format!("{common} blocks, equal on all four")))
}
