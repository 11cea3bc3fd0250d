//! `demo`: a tour on loopback with nothing to set up. A council site, a mail server that keeps what it gets, and between
//! them the program as it is: what `once` does happens here on three days, and `--serve` goes on as `run`.

mod council;
mod fill;
mod folder;
mod tour;
mod trafford;

use crate::app;
use crate::config::Config;
use crate::edge::keeper::Keeper;
use anyhow::{Context, bail};
use council::CouncilSite;
use folder::{Addresses, Folder};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// The tour takes a second or two; whatever hangs is given up.
const TOUR: Duration = Duration::from_secs(120);
/// How long the web side may take to answer.
const WEB_STARTS: Duration = Duration::from_secs(15);

/// A tour on this machine alone, with nothing to set up: four councils publish, a reader is mailed, the feeds show it.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct DemoArgs {
    /// Where the demo's configuration, store, mail and feeds go; an earlier demo there is replaced.
    #[arg(long, value_name = "DIR", default_value = "boardwatch-demo")]
    dir: PathBuf,
    /// Afterwards keep the council site and the web pages up until Ctrl-C.
    #[arg(long)]
    serve: bool,
}

pub(super) async fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let folder = Folder::make(args.dir.clone()).await?;
    let site = CouncilSite::open().await.context("the demo's council site cannot be opened on 127.0.0.1")?;
    let keeper = Keeper::start_in(folder.mail()).await.context("the demo's mail server cannot listen on 127.0.0.1")?;
    let web = TcpListener::bind(("127.0.0.1", 0)).await.context("there is no free port on 127.0.0.1")?;
    let addresses = Addresses { council: site.address(), mail: keeper.address(), web: web.local_addr()? };
    let config = folder.configure(addresses)?;

    let tour = tokio::time::timeout(TOUR, tour::tour(&folder, &config, &site, &keeper));
    let complaints = tour.await.map_err(|_| anyhow::anyhow!("the demo did not end within {} s", TOUR.as_secs()))??;
    for complaint in &complaints {
        eprintln!("boardwatch: {complaint}");
    }
    if !complaints.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if args.serve {
        drop(web);
        serve(&folder, config, &site).await?;
    } else {
        super::print("With --serve, the council site and the web pages stay up, and the links in mail and feeds lead there.\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Goes on as the daemon, on the demo's folder, until SIGTERM or Ctrl-C.
async fn serve(folder: &Folder, config: Config, site: &CouncilSite) -> anyhow::Result<()> {
    let web = config.web.listen;
    let daemon = app::daemon::run(folder.config(), config);
    tokio::pin!(daemon);
    tokio::select! {
        ended = &mut daemon => return ended,
        answering = answers(web) => answering?,
    }
    super::print(&format!(
        "Still up, until Ctrl-C:\n  the council site                  http://{}/\n  front page, feeds, mail's links   http://{web}/\n",
        site.address()
    ))?;
    daemon.await
}

/// Waits until somebody listens at `web`.
async fn answers(web: std::net::SocketAddr) -> anyhow::Result<()> {
    let knocking = async {
        while TcpStream::connect(web).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(WEB_STARTS, knocking).await.is_err() {
        bail!("the web pages do not answer at http://{web}/");
    }
    Ok(())
}
