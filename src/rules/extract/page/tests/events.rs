//! Pages of events on which there is one.

use super::*;

const OVER: &str = "<h2>What has been</h2><p>Notes of what was said are kept in the <a href=/diary/old>store of earlier evenings</a>, \
    and everybody who came is sent them by post. Write to us if you did not get yours within a month of the evening.</p>";

fn at(path: &str, markup: &str) -> Reading {
    let url = Url::parse("https://www.anytown.example").unwrap().join(path).unwrap();
    read(&Document::parse(markup, &url).unwrap(), &url, &Select::default())
}

fn page(title: &str, rest: &str) -> Reading {
    at("/get-involved/evenings", &format!("<title>{title} | Testshire</title><main><h1>{title}</h1>{rest}</main>"))
}

fn told(reading: &Reading) -> Vec<String> {
    let hour = |at: Option<chrono::NaiveTime>| at.map_or("-".to_owned(), |at| at.format("%H:%M").to_string());
    let told = |item: &Item| {
        let meeting = item.meeting.as_ref().map(|m| format!("{:?} {} {}", m.date.unwrap(), hour(m.start), hour(m.end)));
        format!("{} <{}> {}", item.title, item.url.path(), meeting.unwrap_or_default())
    };
    reading.items.iter().map(told).collect()
}

#[test]
fn an_event_alone_in_its_list_is_read_as_one() {
    let badges = [
        "<div class=badge><span>17</span> <span>Feb</span> <span>2027</span></div>",
        "<div class=badge><div>17</div><div>February</div><div>2027</div></div>",
        "<p><time datetime=2027-02-17><b>17</b> <b>Feb</b> <b>2027</b></time></p>",
    ];
    let title = "<a href=/diary/parents-evening>Evening for foster parents</a>";
    for badge in badges {
        for name in [format!("<h3>{title}</h3>"), format!("<p class=summary>{title}</p>")] {
            let entry = format!("{badge}{name}<p>6.30pm to 8pm, Guildhall</p>");
            for list in [
                format!("<ul class=evts><li>{entry}</li></ul>"),
                format!("<article>{entry}</article>"),
                format!("<div class=vevent>{entry}</div>"),
            ] {
                let rest = format!("<p>Come and tell us how it is.</p><h2>Next</h2>{list}{OVER}");
                let reading = page("Public meetings for carers", &rest);
                assert_eq!(
                    told(&reading),
                    ["Evening for foster parents </diary/parents-evening> 2027-02-17 18:30 20:00"],
                    "{list}"
                );
            }
        }
    }
}

#[test]
fn what_is_about_something_else_is_no_list_of_one() {
    let card = "<ul><li><p>17 Feb 2027</p><h3><a href=/diary/parents-evening>Evening for foster parents</a></h3></li></ul>";
    let story =
        "<p>Sixty people came to the Guildhall to hear what the inspectors had found and to say what they made of it.</p>";
    let check = |title: &str, rest: &str| {
        let reading = page(title, rest);
        let titles: Vec<String> = reading.items.iter().map(|item| item.title.to_string()).collect();
        assert_eq!(titles, [title], "{rest}");
        assert!(reading.items[0].text.is_some(), "{rest}");
    };
    // A story, whatever is on.
    check("Inspectors hear from sixty people", &format!("{story}{story}<h2>Also</h2>{card}"));
    // An event's own page, with another below.
    let own = "<p>Tuesday 2 February 2027, 7pm to 9pm</p>";
    check("Public meeting on the plan", &format!("{own}{story}<h2>Also</h2>{card}"));
    check("Public meeting on the plan", &format!("{story}<p>It is on 2 February 2027.</p><h2>Also</h2>{card}"));
    // A remark with a link and a day.
    let remark =
        "<p>The next one is on 17 February 2027 in the Guildhall: see <a href=/diary/parents-evening>how to come</a>.</p>";
    check("Public meetings for carers", &format!("{story}{remark}{story}"));
    // All of a page may stand in an article.
    let all = format!(
        "<article>{story}<p><a href=/diary/parents-evening>Evening for foster parents</a></p><p>17 Feb 2027</p>{story}{story}</article>"
    );
    check("Public meetings for carers", &all);
}

#[test]
fn the_hours_beside_a_listed_meeting_are_its_own() {
    let entry = |(day, hours): (&str, &str)| {
        format!("<li><h3><a href=/m/{}>Skills Board</a></h3><p>{day}</p><p>{hours}</p></li>", day.split(' ').next().unwrap())
    };
    let entries: String = [
        ("9 March 2027", "10am, Room 4"),
        ("8 February 2027", "Time: 2pm to 4pm"),
        ("7 January 2027", "Doors open at 5pm for tea"),
    ]
    .map(entry)
    .concat();
    let expect = ["2027-03-09 10:00 -", "2027-02-08 14:00 16:00", "2027-01-07 - -"];
    let reading = page("Skills Board meetings", &format!("<ul>{entries}</ul>"));
    let hours: Vec<String> = told(&reading).iter().map(|line| line.split("> ").nth(1).unwrap().to_owned()).collect();
    assert_eq!(hours, expect);
}
