//! The `galen` command, as a shell would run it.

use crate::{
    error::{Context, Error, Result},
    programs::Programs,
};
use serde_json::Value;
use std::process::Stdio;
use tokio::process::Command;

/// What `galen --output json ARGS` answers; an error with what it said if it does not exit with success.
pub async fn galen(programs: &Programs, args: &[&str]) -> Result<Value> {
    let output =
        Command::new(&programs.galen).args(["--output", "json"]).args(args).stdin(Stdio::null()).output();
    let output = output.await.context(|| programs.galen.display().to_string())?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(Error::new(format!("galen {}: {}{}", args.join(" "), out.trim(), err.trim())));
    }
    Ok(serde_json::from_str(&out)?)
}
