//! All files of a site under other addresses at once: that is no change of the pages that lead to them, and one file that is really
//! another is told alone.

use crate::support::app::App;
use crate::whose_page::html;
use chrono::TimeDelta;

const READER: &str = "now@example.org";
const FILES: [&str; 4] = ["Terms of reference", "Plan of action", "Letter of the minister", "Risk register"];

/// A page's content, of links to files.
type Layout<'a> = &'a dyn Fn(&[String]) -> String;

/// What the mails of the next poll say; a held batch is a panic.
async fn told(app: &App) -> Vec<String> {
    let before = app.inbox(READER).len();
    app.advance(TimeDelta::hours(2));
    let poll = app.pass().await.polls.remove(0);
    assert!(poll.outcome.is_good(), "{poll:?}");
    app.inbox(READER).split_off(before).into_iter().map(|mail| mail.text).collect()
}

fn link(n: usize, at: &str, kb: usize) -> String {
    format!("<a href='{}'>{}</a> (PDF, {kb}KB)", at.replace('#', &n.to_string()), FILES[n])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_files_all_get_another_mark_or_folder_is_as_it_was_and_the_one_replaced_is_told() {
    const INTRO: &str = "<p>The board sees to it that the harbour does what the inspectors asked for in May.</p>";
    let in_article = |files: &[String]| {
        let said = "<p>Nine cranes of twenty are past repair, and the board wants to know by the spring what new ones cost.</p>";
        format!("{INTRO}{said}{said}<h2>Papers</h2><ul><li>{}</li></ul>", files.join("</li><li>"))
    };
    let in_list = |files: &[String]| format!("{INTRO}<p>{}</p>", files.join("</p><p>"));
    let layouts: [Layout<'_>; 2] = [&in_article, &in_list];
    for (nth, layout) in layouts.into_iter().enumerate() {
        let app = App::set_up().await;
        app.watch("board", "/board", "");
        app.list("people", &[(READER, "immediate")]);
        let show = |at: &str, kb: [usize; 4]| {
            let files: Vec<String> = (0..4).map(|n| link(n, at, kb[n])).collect();
            app.publish("/board", &html("Harbour board", &format!("<h1>Harbour board</h1>{}", layout(&files))));
        };
        let kb = [88, 120, 143, 512];
        show("/files/paper-#.pdf?v=1001", kb);
        assert!(app.pass().await.polls[0].new > 0, "{nth}");
        for at in ["/files/paper-#.pdf?m=abc9", "/files/paper-#.pdf", "/media/x1/paper-#.pdf"] {
            show(at, kb);
            assert_eq!(told(&app).await, Vec::<String>::new(), "{nth} {at}");
        }
        show("/media/x2/paper-#.pdf?k=1", [88, 120, 144, 512]);
        let mails = told(&app).await;
        let [mail] = mails.as_slice() else { panic!("{nth} {mails:?}") };
        assert_eq!(mail.matches("Document replaced:").count(), 1, "{nth} {mail}");
        assert!(mail.contains("Document replaced: Letter of the minister"), "{nth} {mail}");
        assert_eq!(told(&app).await, Vec::<String>::new(), "{nth}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_whose_files_all_get_another_mark_are_as_they_were_and_the_one_replaced_is_told() {
    let app = App::set_up().await;
    app.watch("papers", "/papers", "");
    app.list("people", &[(READER, "immediate")]);
    let entry = |n: usize| format!("<li><h2><a href=/papers/{n}>{}</a></h2><p>{} November 2026</p></li>", FILES[n], n + 2);
    let list = format!("<h1>Papers</h1><ul>{}</ul>", (0..4).map(entry).collect::<String>());
    app.publish("/papers", &html("Papers", &list));
    let show = |at: &str, kb: [usize; 4]| {
        for n in 0..4 {
            let own = format!(
                "<h1>{}</h1><p>It is number {n} of what the board has put out.</p><p>{}</p>",
                FILES[n],
                link(n, at, kb[n])
            );
            app.publish(&format!("/papers/{n}"), &html(FILES[n], &own));
        }
    };
    let kb = [88, 120, 143, 512];
    show("/files/paper-#.pdf?t=1", kb);
    assert_eq!(app.pass().await.polls[0].new, 4);
    show("/files/paper-#.pdf?u=2", kb);
    assert_eq!(told(&app).await, Vec::<String>::new());
    show("/files/paper-#.pdf?w=3", [88, 121, 143, 512]);
    let mails = told(&app).await;
    assert!(matches!(mails.as_slice(), [mail] if mail.matches("Document replaced:").count() == 1), "{mails:?}");
    assert!(mails[0].contains("Document replaced: Plan of action"), "{mails:?}");
    assert_eq!(told(&app).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_whose_name_tells_of_another_version_is_told_where_all_are_moved_and_none_has_a_size() {
    const AT: [&str; 4] = ["terms", "plan", "letter", "risks"];
    const INTRO: &str = "<p>The board sees to it that the harbour does what the inspectors asked for in May.</p>";
    let in_article = |files: &[String]| {
        format!(
            "{INTRO}<p>Nine cranes of twenty are past repair.</p><h2>Papers</h2><ul><li>{}</li></ul>",
            files.join("</li><li>")
        )
    };
    let in_list = |files: &[String]| format!("<ul><li>{}</li></ul>", files.join("</li><li>"));
    let layouts: [Layout<'_>; 2] = [&in_article, &in_list];
    let moves = ["/files/2025/#.pdf?v=2002", "/files/archive-2025/#.pdf", "/media/x1/#.pdf"];
    let versions = [
        ("Plan of action", "plan", false),
        ("Plan of action", "plan-v2", true),
        ("Plan of action", "plan_final", true),
        ("Plan of action", "plan_0", true),
        ("Plan of action v2", "plan", true),
        ("Plan of action (final)", "plan", true),
        ("Revised plan of action", "plan", true),
    ];
    for (nth, layout) in layouts.into_iter().enumerate() {
        for (at, (name, file, is_other)) in moves.into_iter().flat_map(|at| versions.map(|version| (at, version))) {
            let app = App::set_up().await;
            app.watch("board", "/board", "");
            app.list("people", &[(READER, "immediate")]);
            let show = |at: &str, name: &str, file: &str| {
                let one = |n: usize| match n {
                    1 => format!("<a href='{}'>{name}</a>", at.replace('#', file)),
                    _ => format!("<a href='{}'>{}</a>", at.replace('#', AT[n]), FILES[n]),
                };
                let files: Vec<String> = (0..4).map(one).collect();
                app.publish("/board", &html("Harbour board", &format!("<h1>Harbour board</h1>{}", layout(&files))));
            };
            show("/files/2025/#.pdf?v=1001", FILES[1], "plan");
            app.pass().await;
            show(at, name, file);
            let mails = told(&app).await;
            assert_eq!(mails.len(), usize::from(is_other), "{nth} {at} {name} {file}: {mails:?}");
            for mail in mails {
                assert!(mail.contains(name) && !mail.contains("[New] Terms"), "{nth} {at} {file}: {mail}");
                assert!(nth == 1 || mail.contains("(document replaced)"), "{nth} {at} {name} {file}: {mail}");
            }
            assert_eq!(told(&app).await, Vec::<String>::new(), "{nth} {at} {name} {file}");
        }
    }
}
