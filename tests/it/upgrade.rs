//! A better recipe comes into use: nothing that stood there before is news, and what the council does that day still is.

use crate::support::app::{App, feeds};
use crate::support::council::Answer;
use crate::support::pages::{Chrome, blog};
use boardwatch::domain::item::{Fingerprint, hash_hex};
use boardwatch::domain::source::SourceId;
use boardwatch::domain::text::Text;
use boardwatch::engine::pass::PassReport;
use boardwatch::engine::poll::PollReport;
use boardwatch::store::Row;
use boardwatch::store::polls::{ItemChange, PollRecord};
use boardwatch::store::records::{Claim, ItemState, Names, ReadBy, Revision, SourceState};
use chrono::TimeDelta;

fn show(app: &App, posts: &[(u32, &str)]) {
    for (path, page) in blog(posts, &Chrome::default()) {
        app.publish(&path, &page);
    }
}

fn blog_id() -> SourceId {
    SourceId::parse("blog").unwrap()
}

/// An app that has read three posts, with one reader who hears at once.
async fn three_posts() -> App {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &[("now@example.org", "immediate")]);
    show(&app, &[(3, "Three."), (2, "Two."), (1, "One.")]);
    app.pass().await;
    app
}

/// Makes the store hold what a poorer recipe, the one before the present, would have made of the same pages.
async fn as_read_before(app: &App, poorer: impl Fn(&mut ItemState, &mut Revision)) {
    let worded = |state: &mut ItemState, revision: &mut Revision| {
        revision.item.text = Some(Text::new("Home\nContact us\nSomething of it."));
        poorer(state, revision);
    };
    as_read_by_an_older_recipe(app, &blog_id(), worded).await;
}

/// Makes the store hold what an older recipe would have made of the pages of a source.
async fn as_read_by_an_older_recipe(app: &App, source: &SourceId, poorer: impl Fn(&mut ItemState, &mut Revision)) {
    let (world, _) = app.start().await;
    let (store, now) = (&world.store, app.now());
    let row = store.source_state(source).await.unwrap().unwrap();
    let claim = Claim { owner: "test".into(), until: now };
    let claimed = store.claim_source(source, row.value.clone(), claim, now).await.unwrap().unwrap();
    let mut items = Vec::new();
    for row in store.items(source).await.unwrap() {
        let mut revision = store.revision(&row.value.id, row.value.revision).await.unwrap().unwrap();
        let mut after: ItemState = row.value.clone();
        after.fingerprint = Fingerprint(format!("poorer {}", after.key));
        after.line = "poorer".into();
        after.recipe -= 1;
        after.listed_by = after.listed_by.map(older);
        revision.recipe -= 1;
        poorer(&mut after, &mut revision);
        revision.item.key.clone_from(&after.key);
        items.push(ItemChange { before: Some(row), after, revisions: vec![revision], notice: None });
    }
    let state = SourceState { claim: None, read_by: row.value.read_by.map(older), ..row.value };
    store.record_poll(source, &claimed, &PollRecord { state, items, dirty: Vec::new() }, now).await.unwrap();
}

fn older(by: ReadBy) -> ReadBy {
    ReadBy { recipe: by.recipe - 1, ..by }
}

async fn items(app: &App) -> Vec<Row<ItemState>> {
    let (world, _) = app.start().await;
    world.store.items(&blog_id()).await.unwrap()
}

async fn later(app: &App) -> PassReport {
    app.advance(TimeDelta::hours(2));
    app.pass().await
}

fn counts(poll: &PollReport) -> (usize, usize, usize, usize) {
    (poll.new, poll.revised, poll.withdrawn, poll.notices)
}

#[tokio::test]
async fn a_better_recipe_announces_nothing_that_stood_there_before() {
    let app = three_posts().await;
    as_read_before(&app, |_, _| {}).await;
    for _ in 0..3 {
        let report = later(&app).await;
        assert_eq!(counts(&report.polls[0]), (0, 0, 0, 0), "{report:?}");
    }
    assert_eq!(app.smtp.kept().len(), 0);
    let (world, _) = app.start().await;
    for row in world.store.items(&blog_id()).await.unwrap() {
        let revision = world.store.revision(&row.value.id, 1).await.unwrap().unwrap();
        assert!(!revision.item.text.unwrap().as_str().contains("Contact us"), "it is read better now");
        assert_eq!((row.value.revision, row.value.recipe), (1, revision.recipe));
    }
}

#[tokio::test]
async fn what_the_council_does_on_the_day_of_our_upgrade_is_told_against_the_page_of_before() {
    let app = three_posts().await;
    as_read_before(&app, |_, _| {}).await;
    show(&app, &[(4, "Four."), (3, "Three."), (2, "Two, as amended."), (1, "One.")]);
    let report = later(&app).await;
    assert_eq!(counts(&report.polls[0]), (1, 1, 0, 2), "{report:?}");
    let mail = &app.inbox("now@example.org")[0];
    assert!(mail.text.contains("Before: Two. - Now: Two, as amended."), "{}", mail.text);
    assert!(!mail.text.contains("Contact us"), "our own progress is no change: {}", mail.text);
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0));
}

#[tokio::test]
async fn items_that_get_other_keys_keep_their_identity_and_are_neither_new_nor_gone() {
    let app = three_posts().await;
    let before = feeds(&app.dir.path().join("var/feeds"));
    as_read_before(&app, |state, _| state.key = format!("old-{}", state.key)).await;
    for _ in 0..3 {
        let report = later(&app).await;
        assert_eq!(counts(&report.polls[0]), (0, 0, 0, 0), "{report:?}");
        assert!(report.polls[0].outcome.is_good(), "{report:?}");
    }
    let rows = items(&app).await;
    assert!(rows.len() == 3 && rows.iter().all(|row| !row.value.key.starts_with("old-")), "{rows:?}");
    show(&app, &[(3, "Three."), (2, "Two, as amended."), (1, "One.")]);
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1));
    let ids = |feeds: &[(String, Vec<u8>)]| -> Vec<String> {
        let all = String::from_utf8(feeds.iter().find(|(path, _)| path == "all.xml").unwrap().1.clone()).unwrap();
        all.lines().filter(|line| line.contains("urn:uuid")).map(str::to_owned).collect()
    };
    assert_eq!(ids(&feeds(&app.dir.path().join("var/feeds"))), ids(&before), "guids are permanent");
}

#[tokio::test]
async fn what_the_older_recipe_mistook_for_an_item_leaves_in_silence() {
    let app = three_posts().await;
    // The older recipe read a menu entry instead of the first post.
    as_read_before(&app, |state, revision| {
        if state.key.contains("update-1") {
            state.key = "menu".into();
            revision.item.title = Text::line("Bins and recycling");
            revision.item.url = revision.item.url.join("/bins").unwrap();
            revision.item.published = None;
        }
    })
    .await;
    for _ in 0..4 {
        let report = later(&app).await;
        assert_eq!(report.polls[0].notices, 0, "{report:?}");
        assert!(report.polls[0].outcome.is_good(), "{report:?}");
    }
    let rows = items(&app).await;
    let menu = rows.iter().find(|row| row.value.key == "menu").unwrap();
    assert!(menu.value.out_of_sight && menu.value.withdrawn.is_none());
    assert_eq!(rows.len(), 4, "the post that it had not read is recorded, and told to nobody");
    show(&app, &[(4, "Four."), (3, "Three."), (2, "Two."), (1, "One.")]);
    assert_eq!(counts(&later(&app).await.polls[0]), (1, 0, 0, 1));
}

#[tokio::test]
async fn where_the_pages_are_no_longer_kept_the_first_reading_is_silent_and_the_next_change_told() {
    let app = three_posts().await;
    as_read_before(&app, |_, _| {}).await;
    std::fs::remove_dir_all(app.dir.path().join("var/snapshots")).unwrap();
    show(&app, &[(3, "Three."), (2, "Two, as amended."), (1, "One.")]);
    assert_eq!(later(&app).await.polls[0].notices, 0);
    show(&app, &[(3, "Three."), (2, "Two, as amended again."), (1, "One.")]);
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1));
}

#[tokio::test]
async fn keys_in_the_form_of_before_are_known_though_no_page_is_kept_that_says_so() {
    let app = three_posts().await;
    as_read_before(&app, |state, _| state.key = state.key.replace("/blog/", "/blog//")).await;
    std::fs::remove_dir_all(app.dir.path().join("var/snapshots")).unwrap();
    for _ in 0..3 {
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0));
    }
    let rows = items(&app).await;
    assert!(rows.len() == 3 && rows.iter().all(|row| !row.value.key.contains("//")), "{rows:?}");
    assert_eq!(app.smtp.kept().len(), 0);
}

/// A feed of three entries with a sentence each, of which the newest says `said`; behind it pages, or none.
fn publish_feed(app: &App, title: &str, said: &str, with_pages: bool) {
    let entry = |(n, title, said): (u32, &str, &str)| {
        let url = app.council.url(&format!("/news/{n}"));
        let page =
            format!("<main><h1>{title}</h1><p>The board heard of story {n} and of what the council will do about it.</p></main>");
        if with_pages {
            app.publish(&format!("/news/{n}"), &format!("<html><body>{page}</body></html>"));
        }
        let day = format!("<pubDate>{} Nov 2026 09:00:00 GMT</pubDate>", 10 + n);
        format!("<item><title>{title}</title><link>{url}</link><guid>{url}</guid>{day}<description>{said}</description></item>")
    };
    let entries: String =
        [(3, title, said), (2, "Story 2", "Said of the second."), (1, "Story 1", "Said of the first.")].map(entry).concat();
    let feed = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{entries}</channel></rss>");
    app.council.publish("/feed", Answer::bytes("application/rss+xml", feed.as_bytes()));
}

/// A source of that feed, read once, and then made to look as if an older recipe had read it.
async fn feed_read_before(with_pages: bool, is_reworded: bool) -> App {
    let app = App::set_up().await;
    app.watch("feed", "/feed", "");
    app.list("people", &[("now@example.org", "immediate")]);
    publish_feed(&app, "Story 3", "The crossing will cost £3m.", with_pages);
    assert_eq!(app.pass().await.polls[0].new, 3);
    let worded = |_: &mut ItemState, revision: &mut Revision| {
        if is_reworded {
            revision.item.text = Some(Text::new("Home Contact us Something of it."));
        }
    };
    as_read_by_an_older_recipe(&app, &SourceId::parse("feed").unwrap(), worded).await;
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_s_sentence_that_changed_on_the_day_of_our_upgrade_is_told_and_one_that_did_not_is_not() {
    for (with_pages, is_reworded) in [(false, false), (false, true), (true, false), (true, true)] {
        let app = feed_read_before(with_pages, is_reworded).await;
        for _ in 0..2 {
            assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0), "{with_pages} {is_reworded}");
        }
        let app = feed_read_before(with_pages, is_reworded).await;
        publish_feed(&app, "Story 3", "The crossing will cost £4m.", with_pages);
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1), "{with_pages} {is_reworded}");
        let mail = &app.inbox("now@example.org")[0];
        assert!(mail.text.contains("£4m") && !mail.text.contains("Contact us"), "{}", mail.text);
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_s_headline_that_changed_on_the_day_of_our_upgrade_is_told() {
    let app = feed_read_before(false, false).await;
    publish_feed(&app, "Story 3, as corrected", "The crossing will cost £3m.", false);
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1));
    let mail = &app.inbox("now@example.org")[0];
    assert!(mail.text.contains("as corrected"), "{}", mail.text);
}

const MEETINGS: [(u32, &str, &str); 3] =
    [(1, "Housing", "15 December 2026"), (2, "Audit", "17 December 2026"), (3, "Licensing", "13 January 2027")];

fn meetings_page(title: &str, words: &str) -> String {
    format!("<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{words}</main></body></html>")
}

/// A list of three meetings, of which the second stands so by a word in a cell of its own.
fn publish_meetings(app: &App, stands: &str) {
    let row = |(n, name, day): (u32, &str, &str)| {
        let stands = if n == 2 { stands } else { "" };
        format!("<tr><td><a href='/m{n}'>{name}</a></td><td>{day}</td><td>2 pm</td><td>{stands}</td></tr>")
    };
    let rows = MEETINGS.map(row).concat();
    app.publish("/meetings", &meetings_page("Council meetings", &format!("<table>{rows}</table>")));
}

/// A source of that list and its meetings' own pages, of which the second's says `own`, read once, and then made to look as if
/// an older recipe had read it, to which a word in a cell of its own said nothing.
async fn meetings_read_before(stands: &str, own: &str) -> App {
    let app = App::set_up().await;
    app.watch("diary", "/meetings", "");
    app.list("people", &[("now@example.org", "immediate")]);
    publish_meetings(&app, stands);
    for (n, name, day) in MEETINGS {
        let says = if n == 2 { own } else { "" };
        let words =
            format!("{says}<p>{day}, 2 pm</p><p>The committee will hear of plan {n} and of what the council does about it.</p>");
        app.publish(&format!("/m{n}"), &meetings_page(name, &words));
    }
    assert_eq!(app.pass().await.polls[0].new, 3);
    let deaf = |state: &mut ItemState, revision: &mut Revision| {
        let (_, name, _) = MEETINGS.into_iter().find(|(n, ..)| state.key.ends_with(&format!("/m{n}"))).unwrap();
        let listed = hash_hex(&[name.to_lowercase().as_bytes()]);
        state.names =
            state.names.take().map(|names| Names { own: listed.clone(), listed, by_listing: false, calm: None, ..names });
        revision.item.title = Text::line(name);
    };
    as_read_by_an_older_recipe(&app, &SourceId::parse("diary").unwrap(), deaf).await;
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_which_the_better_recipe_hears_how_a_meeting_stands_is_no_news_and_what_it_says_next_is() {
    for own in ["", "<p>This meeting has been postponed.</p>"] {
        for stands in ["Postponed", "Rescheduled", "Moved to 27 January 2027"] {
            let app = meetings_read_before(stands, own).await;
            for _ in 0..3 {
                assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0), "{stands} {own}");
            }
            publish_meetings(&app, "Cancelled");
            assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1), "{stands} {own}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_a_meeting_comes_to_stand_on_the_day_of_our_upgrade_is_told() {
    for (before, now) in [("", "Postponed"), ("Postponed", ""), ("Postponed", "Cancelled"), ("Cancelled", "")] {
        let app = meetings_read_before(before, "").await;
        publish_meetings(&app, now);
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1), "{before} {now}");
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0), "{before} {now}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_a_list_alone_has_moved_is_no_news_to_a_better_recipe() {
    let app = meetings_read_before("", "").await;
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0));
    let moved = |app: &App| {
        let rows = MEETINGS.map(|(n, name, day)| {
            let day = if n == 2 { "18 December 2026" } else { day };
            format!("<tr><td><a href='/m{n}'>{name}</a></td><td>{day}</td><td>2 pm</td><td></td></tr>")
        });
        app.publish("/meetings", &meetings_page("Council meetings", &format!("<table>{}</table>", rows.concat())));
    };
    moved(&app);
    assert_eq!(counts(&later(&app).await.polls[0]), (0, 1, 0, 1));
    as_read_by_an_older_recipe(&app, &SourceId::parse("diary").unwrap(), |_, _| {}).await;
    for _ in 0..3 {
        assert_eq!(counts(&later(&app).await.polls[0]), (0, 0, 0, 0));
    }
}

#[tokio::test]
async fn a_page_that_an_older_recipe_read_in_parts_alone_is_no_news_and_is_watched_from_now_on() {
    let page = |day: &str| {
        format!(
            "<html><head><title>Quay panel</title></head><body><main><h1>Quay panel</h1><p>The panel meets next on {day} at 4pm.</p>\
             <h2>18 June 2026</h2><p>Members walked the quay and counted what has to be mended there.</p>\
             <h2>12 March 2026</h2><p>Members agreed what they will look at in the year.</p></main></body></html>"
        )
    };
    let app = App::set_up().await;
    app.watch("quay", "/quay", "");
    app.list("people", &[("now@example.org", "immediate")]);
    app.publish("/quay", &page("9 December 2026"));
    app.pass().await;
    let unread = |state: &mut ItemState, _: &mut Revision| {
        if !state.key.contains('#') {
            state.key = "never/read".to_owned();
            state.withdrawn = Some(state.first_seen);
        }
    };
    as_read_by_an_older_recipe(&app, &SourceId::parse("quay").unwrap(), unread).await;
    for _ in 0..2 {
        let report = later(&app).await;
        assert_eq!(report.polls[0].notices, 0, "{report:?}");
    }
    app.publish("/quay", &page("16 December 2026"));
    let report = later(&app).await;
    assert_eq!(counts(&report.polls[0]), (0, 1, 0, 1), "{report:?}");
    assert!(app.inbox("now@example.org")[0].text.contains("16 December 2026"));
}
