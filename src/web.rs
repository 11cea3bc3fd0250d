//! The web side: feeds and a front page for everybody, and the pages on which somebody ends their mail.
//!
//! It shows files and what the store knows, and records what people ask for and say yes to. Invariants: only POST
//! changes anything; a link's token is the only authority, so there are no cookies and no log-in; no answer says how the
//! program is made; no visitor can hold more than a bounded share of memory, time or connections.

pub mod connections;
pub mod desk;
pub mod library;
mod back;
mod client;
mod confirm;
mod feeds;
mod forms;
mod guard;
mod items;
mod limits;
mod manage;
mod one_click;
mod pages;
mod people;
mod representation;
mod searching;
mod server;
mod signup;
mod unsubscribe;

use crate::domain::site::Site;
use crate::render::page;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use desk::Desk;
use ipnet::IpNet;
use library::Library;
use std::path::PathBuf;
use std::sync::Arc;

pub use limits::SignupLimits;
pub use searching::SearchPlaces;
pub use server::serve;
pub use unsubscribe::{ONE_CLICK_PATH, PAGE_PATH};

/// What the pages are made from; cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// Who gets mail.
    pub desk: Arc<dyn Desk>,
    /// What is watched and was found.
    pub library: Arc<dyn Library>,
    /// Who speaks.
    pub site: Arc<Site>,
    /// The folder of the published feeds.
    pub feeds_dir: PathBuf,
    /// Proxies whose word is taken on whose request it is.
    pub trusted_proxies: Vec<IpNet>,
    /// How many sign-ups are taken.
    pub limits: Arc<SignupLimits>,
    /// How much is searched.
    pub searches: Arc<SearchPlaces>,
}

/// All pages.
pub fn router(state: WebState) -> Router {
    let router = Router::new()
        .route("/", get(pages::front))
        .route("/status", get(pages::status))
        .route("/items/{source}/{id}", get(items::item))
        .route("/archive", get(items::archive))
        .route("/search", get(items::search))
        .route(page::STYLE_PATH, get(pages::style))
        .route(page::ICON_PATH, get(pages::icon))
        .route("/favicon.ico", get(pages::icon_for_old_programs))
        .route("/robots.txt", get(pages::robots))
        .route("/healthz", get(pages::health))
        .route("/feeds/{*path}", get(feeds::feed))
        .merge(people::pages())
        .fallback(|| async { StatusCode::NOT_FOUND });
    guard::guarded(router, &state).with_state(state)
}
