//! Everybody finalizes the same.

use super::{Held, Lab};
use crate::{ensure, error::Result, wait::seconds};

pub async fn finality(lab: &mut Lab) -> Result<Held> {
    let network = lab.four().await?;
    network.finalizes(6, seconds(90)).await?;
    let common = network.agrees().await?;
    ensure!(common >= 6, "only {common} blocks are final everywhere");
    Ok(Held::seen(format!("{common} blocks, equal on all four")))
}
