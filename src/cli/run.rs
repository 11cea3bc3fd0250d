//! `run`: the daemon.

use crate::app::daemon;
use crate::config::Config;
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn run(config_dir: &Path, config: Config) -> anyhow::Result<ExitCode> {
    daemon::run(config_dir.to_path_buf(), config).await?;
    Ok(ExitCode::SUCCESS)
}
