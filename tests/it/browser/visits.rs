//! Every kind of page that the program shows, and how somebody gets to it: by a link, or by sending a form.

use crate::support::app::App;
use crate::support::browser::Page;
use crate::support::front::Front;
use boardwatch::domain::subscriber::{Address, SubscriberId};
use boardwatch::rules::token::{Purpose, Token};
use chrono::TimeDelta;

type Fields = Vec<(&'static str, &'static str)>;

/// One page, and how to get there. Forms change what there is: visits are made once, in their order.
pub(super) struct Visit {
    pub(super) name: &'static str,
    pub(super) url: String,
    /// What is sent, where it is the answer to a form.
    form: Option<Fields>,
    /// How often it is sent.
    times: usize,
}

impl Visit {
    fn link(name: &'static str, url: String) -> Self {
        Self { name, url, form: None, times: 1 }
    }

    fn form(name: &'static str, url: String, fields: &[(&'static str, &'static str)]) -> Self {
        Self { name, url, form: Some(fields.to_vec()), times: 1 }
    }

    /// Gets there in a browser.
    pub(super) async fn show(&self, page: &mut Page<'_>) {
        let Some(form) = &self.form else { return page.go(&self.url).await };
        for _ in 1..self.times {
            self.send(form).await;
        }
        page.send_form(&self.url, form).await;
    }

    /// Gets there as a program; answers with the page.
    pub(super) async fn fetch(&self) -> String {
        let Some(form) = &self.form else { return reqwest::get(&self.url).await.unwrap().text().await.unwrap() };
        for _ in 1..self.times {
            self.send(form).await;
        }
        self.send(form).await
    }

    async fn send(&self, form: &Fields) -> String {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let post = reqwest::Client::new().post(&self.url).header("content-type", "application/x-www-form-urlencoded");
        post.body(body).send().await.unwrap().text().await.unwrap()
    }
}

/// The shortest link of that kind in the last mail to somebody that has one: that to their own page is the beginning of
/// others.
fn mailed(app: &App, who: &str, kind: &str) -> String {
    let mails = app.inbox(who);
    let last = mails.iter().rev().find(|mail| mail.text.contains(kind));
    let text = &last.unwrap_or_else(|| panic!("no {kind} for {who}")).text;
    let links = text.split_whitespace().filter(|word| word.contains(kind));
    links.min_by_key(|link| link.len()).unwrap().to_owned()
}

/// The visits to all kinds of pages of a program that has [lived](super::lived_in).
pub(super) async fn every_page(front: &Front, app: &App) -> Vec<Visit> {
    let mut visits = for_everybody(front).await;
    visits.extend(signing_up(front, app).await);
    visits.extend(of_ones_own(front, app));
    visits.extend(in_trouble(front, app));
    visits
}

/// What there is to read.
async fn for_everybody(front: &Front) -> Vec<Visit> {
    let archive = reqwest::get(front.url("/archive")).await.unwrap().text().await.unwrap();
    let items: Vec<&str> = archive.split("href=\"/items/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(items.len() >= 5, "{archive}");
    let find = |title: &str| {
        let link = archive.split("<a href=\"/items/").find(|rest| rest.contains(&format!(">{title}</a>"))).unwrap();
        format!("/items/{}", link.split('"').next().unwrap())
    };
    let pages = [
        ("front", "/".to_owned()),
        ("status", "/status".to_owned()),
        ("archive", "/archive".to_owned()),
        ("archive-of-a-council", "/archive?in=council/anytown-council&month=2026-11".to_owned()),
        ("search", "/search".to_owned()),
        ("search-found", "/search?q=board+Ofsted".to_owned()),
        ("search-nothing", "/search?q=zebra".to_owned()),
        ("item", find("Improvement Board Update 4")),
        ("item-changed", find("Improvement Board Update 2")),
        ("item-withdrawn", find("Improvement Board Update 3")),
        ("privacy", "/privacy".to_owned()),
        ("accessibility", "/accessibility".to_owned()),
        ("not-found", "/nothing-here".to_owned()),
    ];
    pages.into_iter().map(|(name, path)| Visit::link(name, front.url(&path))).collect()
}

/// From the form to the yes.
async fn signing_up(front: &Front, app: &App) -> Vec<Visit> {
    let subscribe = front.url("/subscribe");
    let asked =
        Visit::form("", subscribe.clone(), &[("address", "asked@example.org"), ("everything", "weekly"), ("keywords", "Ofsted")]);
    assert!(asked.fetch().await.contains("There is a problem"));
    let asked =
        Visit::form("", subscribe.clone(), &[("address", "asked@example.org"), ("everything", "weekly"), ("monthly", "yes")]);
    assert!(asked.fetch().await.contains("Check your inbox"));
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let confirm = mailed(app, "asked@example.org", "/confirm/");
    let ask = front.url("/manage");
    vec![
        Visit::link("sign-up", subscribe.clone()),
        Visit::form("sign-up-wrong", subscribe.clone(), &[("address", "resident at example"), ("keywords.often", "daily")]),
        Visit::form(
            "sign-up-wrong-often",
            subscribe.clone(),
            &[("everything", "yes"), ("topic.improvement-board.often", "weekly")],
        ),
        Visit::form("sign-up-wrong-words", subscribe.clone(), &[("keywords", "Ofsted")]),
        Visit::form(
            "sign-up-some-otherwise",
            subscribe.clone(),
            &[
                ("everything", "yes"),
                ("often", "daily"),
                ("topic.improvement-board", "yes"),
                ("topic.improvement-board.often", "weekly"),
                ("do", "estimate"),
            ],
        ),
        Visit::form("sign-up-estimate", subscribe.clone(), &[("council.anytown-council", "weekly"), ("do", "estimate")]),
        Visit::form("check-your-inbox", subscribe, &[("address", "resident@example.org"), ("everything", "daily")]),
        Visit::link("confirm", confirm.clone()),
        Visit::form("confirmed", confirm.clone(), &[]),
        Visit::form("confirmed-before", confirm, &[]),
        Visit::link("ask-for-the-link", ask.clone()),
        Visit::form("ask-for-the-link-wrong", ask.clone(), &[("address", "")]),
        Visit::form("link-sent", ask, &[("address", "resident@example.org")]),
    ]
}

/// Somebody's own page, until they are erased.
fn of_ones_own(front: &Front, app: &App) -> Vec<Visit> {
    let who = "reader@example.org";
    let own = |page: &str| format!("{}{page}", mailed(app, who, "/manage/"));
    let mute = mailed(app, who, "/mute/");
    let item = mute.rsplit('/').next().unwrap().to_owned();
    let id = SubscriberId::of(&Address::parse(who).unwrap(), &front.world.key);
    let undo = front.url(&format!("/undo/{}", front.world.links.link(Purpose::Undo, &id, app.now())));
    vec![
        Visit::link("manage", own("")),
        Visit::form("manage-saved", own("/choice"), &[("topic.improvement-board", "weekly"), ("page.silent", "daily")]),
        Visit::form("manage-nothing-chosen", own("/choice"), &[]),
        Visit::form("manage-no-such-day", own("/pause"), &[("until", "soon")]),
        Visit::form("manage-paused", own("/pause"), &[("until", "2026-12-24")]),
        Visit::form("manage-goes-on", own("/go-on"), &[]),
        Visit::link("mute", mute.clone()),
        Visit::form("muted", mute, &[]),
        Visit::link("manage-with-mutes", own("")),
        Visit::form("manage-unmuted", own(&format!("/unmute/{item}")), &[]),
        Visit::form("manage-address-wrong", own("/address"), &[("address", "no address")]),
        Visit::form("new-address-asked", own("/address"), &[("address", "new@example.org")]),
        Visit::link("unsubscribe", mailed(app, who, "/unsubscribe/")),
        Visit::form("unsubscribed", mailed(app, who, "/unsubscribe/"), &[]),
        Visit::link("nobody", own("")),
        Visit::form("undone", undo, &[]),
        Visit::form("left-with-a-goodbye", own("/leave"), &[("goodbye", "yes")]),
        Visit::form("undone-again", front.url(&format!("/undo/{}", front.world.links.link(Purpose::Undo, &id, app.now()))), &[]),
        Visit::form("erase-not-sure", own("/erase"), &[]),
        Visit::form("erased", own("/erase"), &[("sure", "yes")]),
    ]
}

/// Links and forms that do not do what is asked of them.
fn in_trouble(front: &Front, app: &App) -> Vec<Visit> {
    let stranger = SubscriberId::from_number(7);
    let links = &front.world.links;
    let old =
        |purpose| Token { purpose, subscriber: stranger.clone(), expires: Some(app.now() - TimeDelta::days(1)), life: None };
    let leave = links.link(Purpose::Unsubscribe, &stranger, app.now());
    let undo = links.link(Purpose::Undo, &stranger, app.now());
    let confirm = links.link(Purpose::Confirm, &stranger, app.now());
    vec![
        Visit::link("link-too-old", front.url(&format!("/manage/{}", links.sign(&old(Purpose::Manage))))),
        Visit::link("link-altered", front.url("/confirm/not-a-token")),
        Visit::link("link-for-something-else", front.url(&format!("/manage/{leave}"))),
        Visit::link("nothing-to-confirm", front.url(&format!("/confirm/{confirm}"))),
        Visit::form("not-undone", front.url(&format!("/undo/{undo}")), &[]),
        Visit::link("unsubscribe-nobody", front.url(&format!("/unsubscribe/{leave}"))),
        Visit::link("one-click-by-link", front.url(&format!("/one-click/{leave}"))),
        Visit::form("not-our-form", front.url("/subscribe"), &[("address", "a@example.org"), ("address", "b@example.org")]),
        Visit::form("not-by-post", front.url("/status"), &[]),
        Visit {
            times: 25,
            ..Visit::form("too-many", front.url("/subscribe"), &[("address", "many@example.org"), ("everything", "daily")])
        },
    ]
}
