//! Pages that are other bytes at each fetch, and say the same.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_which_only_tokens_are_others_is_the_list_that_is_known() {
    let app = vouched_for("reread = 0\n").await;
    let rows = item_rows(&app).await;
    let list = |n: u32, token: &str| {
        let below =
            format!("<!-- {token} --><form><input type=hidden name=state value={token}></form><script>t='{token}'</script>");
        Answer::html(&page_of((1..=n).rev(), &below)).with("etag", &format!("\"{token}\""))
    };
    app.council.publish("/news", list(3, "1a"));
    app.pass().await;
    // Whoever reads these rows fails.
    put(&app, rows.iter().map(|(key, _)| (key.clone(), b"no record".to_vec()))).await;
    app.council.publish("/news", list(3, "2b"));
    let report = app.pass().await;
    assert!(report.polls[0].outcome.is_good(), "{:?}", report.polls[0]);
    let before = app.council.asked().len();
    app.pass().await;
    assert_eq!(app.council.asked()[before].header("if-none-match"), Some("\"2b\""), "what was sent last vouches for it");
    put(&app, rows.into_iter()).await;
    publish(&app.council, 4..=4);
    app.council.publish("/news", list(4, "3c"));
    assert_eq!(app.pass().await.polls[0].new, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_own_page_in_which_only_tokens_are_others_is_as_it_was_and_any_word_makes_it_another() {
    let app = vouched_for("reread = 3\n").await;
    let own = |token: &str, words: &str| {
        Answer::html(&article_page(3, &format!("{words}<!-- {token} -->"))).with("etag", &format!("\"{token}\""))
    };
    for token in ["4d", "5e"] {
        app.council.publish("/news/3", own(token, ""));
        let report = app.pass().await;
        assert_eq!(report.polls[0].revised, 0, "{:?}", report.polls[0]);
    }
    let before = app.council.asked().len();
    app.council.publish("/news/3", own("6f", "The chair has resigned since."));
    assert_eq!(app.pass().await.polls[0].revised, 1);
    let asked = app.council.asked();
    let of_3 = asked[before..].iter().find(|asked| asked.path == "/news/3").unwrap();
    assert_eq!(of_3.header("if-none-match"), Some("\"5e\""));
}
