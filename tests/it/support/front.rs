//! The program with its web pages open: one store, one clock, one port, until it is dropped.

use super::app::App;
use boardwatch::app::daemon::Live;
use boardwatch::app::web_side::WebSide;
use boardwatch::config::Config;
use boardwatch::engine::pass::{Orders, PassReport, World};
use boardwatch::web::{router, serve};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The running program.
pub struct Front {
    /// "http://127.0.0.1:4321": also what its links begin with.
    pub base: String,
    pub world: World,
    pub config: Config,
    pub side: WebSide,
    shutdown: CancellationToken,
    _live: watch::Sender<Arc<Live>>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Front {
    /// Starts the program and opens its pages, at the address that its mails name.
    pub async fn open(app: &App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let file = app.config_dir().join("boardwatch.toml");
        let config = std::fs::read_to_string(&file).unwrap().replace("http://127.0.0.1:8080", &base);
        std::fs::write(&file, config).unwrap();
        let (world, config) = app.start().await;
        let (sender, live) = watch::channel(Arc::new(Live { config: config.clone(), world: world.clone() }));
        let side = WebSide::over(&live);
        let shutdown = CancellationToken::new();
        tokio::spawn(serve(listener, router(side.state.clone()), shutdown.clone()));
        Self { base, world, config, side, shutdown, _live: sender }
    }

    /// One pass over every source; then everything known can be found.
    pub async fn pass(&self) -> PassReport {
        let orders = Orders { all: true, ..Orders::default() };
        let report = self.world.pass(&self.config, &orders, &|_| {}, &|| false).await.unwrap();
        self.side.index().await.unwrap();
        report
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}
