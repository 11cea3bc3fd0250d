//! Items whose page gives no day of publication: they go by their meeting, and else say when we first saw them.

use crate::support::app::App;
use crate::support::front::Front;
use crate::support::pages::{Chrome, issue};
use reqwest::Method;

const WHO: &str = "resident@example.org";

async fn send(method: Method, url: &str, body: &str) -> String {
    let form = reqwest::Client::new().request(method, url).header("content-type", "application/x-www-form-urlencoded");
    let answer = form.body(body.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn an_item_without_a_day_of_publication_goes_by_its_meeting_everywhere() {
    let app = App::set_up().await;
    let meetings = [
        ("2 July 2026", "Cabinet", 12, "The plan was agreed in July."),
        ("18 September 2026", "Cabinet", 31, "The plan was agreed in September."),
    ];
    app.publish("/ieIssueDetails.aspx?IId=7", &issue(&meetings, &Chrome::default()));
    app.watch("issue", "/ieIssueDetails.aspx?IId=7", "");
    let front = Front::open(&app).await;
    assert_eq!(front.pass().await.polls[0].new, 2);

    let page = send(Method::GET, &front.url("/"), "").await;
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("no {what} in {page}"));
    assert!(at(">18 September 2026</time>") < at(">2 July 2026</time>"));
    assert!(page.contains("datetime=\"2026-09-18\"") && page.contains("Meeting: Cabinet, 18 September 2026, item 31"), "{page}");
    assert!(!page.contains("<time datetime=\"2026-11-20\""), "the day of our first look is no day of theirs: {page}");

    let july = send(Method::GET, &front.url("/archive?month=2026-07"), "").await;
    assert!(july.contains("Cabinet, 2 July 2026") && !july.contains("18 September"), "{july}");
    assert!(!july.contains("value=\"2026-11\""), "nothing is of November: {july}");
    let status = send(Method::GET, &front.url("/status"), "").await;
    assert!(status.contains("the newest of the meeting of 18 September 2026"), "{status}");

    send(Method::POST, &front.url("/subscribe"), &format!("address={WHO}&everything=weekly")).await;
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let question = app.inbox(WHO).pop().unwrap();
    let yes = question.text.split_whitespace().find(|word| word.contains("/confirm/")).unwrap().to_owned();
    send(Method::POST, &yes, "").await;
    front.world.deliver(&front.config, &|| false).await.unwrap();
    let welcome = app.inbox(WHO).pop().unwrap();
    assert!(welcome.text.contains("Meeting of 18 September 2026"), "{}", welcome.text);
    assert!(!welcome.text.contains("20 November 2026") && !welcome.text.contains("July"), "{}", welcome.text);
    assert!(welcome.text.contains("/privacy"), "{}", welcome.text);
}
