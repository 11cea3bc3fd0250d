//! What is stamped is what would have been written for its reader alone, whoever that is and whatever it tells.

use super::super::{Head, Letter, ListHead, MailEntry, Tokens, Ways, assemble};
use super::*;
use crate::domain::item::{Change, Item, ItemId, KnownItem};
use crate::domain::site::Site;
use crate::domain::source::{Source, SourceId};
use crate::domain::subscriber::Cadence;
use proptest::prelude::*;
use serde_json::json;

/// A message's author, and what it tells.
#[derive(Clone, Debug)]
struct Author {
    site: Site,
    from: Address,
    from_name: Option<String>,
    why: Vec<String>,
    told: Vec<(Change, KnownItem, Source)>,
    with_mailto: bool,
}

impl Author {
    fn letter(&self, places: &[&str]) -> Letter {
        let entries =
            self.told.iter().map(|(change, known, source)| MailEntry { change: *change, known, source, before: None }).collect();
        Letter::new(&self.site, Cadence::Daily, self.why.clone(), entries, tokens(places))
    }

    /// The message to `own`, written for it alone.
    fn whole(&self, letter: &Letter, own: &Own<'_>) -> Vec<u8> {
        let one_click = self.site.link(&format!("one-click/{}", own.marks[0]));
        let mailbox = self.with_mailto.then(|| Address::parse(own.marks[2]).unwrap());
        let list = ListHead {
            name: &self.site.name,
            id: "updates.example.org",
            one_click_url: &one_click,
            unsubscribe_mailbox: mailbox.as_ref(),
            owner: None,
            feedback: ["digest", "daily"],
        };
        let (from_name, from) = (self.from_name.as_deref(), &self.from);
        let Own { to, date, message_id, .. } = *own;
        let head = Head { from_name, from, to, reply_to: None, date, message_id, thread: None, list: Some(list) };
        assemble(&letter.with_tokens(tokens(own.marks)), &head)
    }
}

fn item(title: &str, text: &str, n: usize) -> KnownItem {
    let item: Item = serde_json::from_value(json!({
        "key": n.to_string(), "title": title, "url": format!("https://council.example/{n}"), "published": "2026-11-20",
        "meeting": null, "text": text, "html": null, "documents": [], "decisions": [], "next_meeting": null,
    }))
    .unwrap();
    let source = SourceId::parse("sampleton").unwrap();
    let seen = "2026-11-21T07:30:00Z".parse().unwrap();
    let id = ItemId::of(&source, &item.key);
    KnownItem { id, source, revision: 1, first_seen: seen, revised: seen, withdrawn: None, item, before: None }
}

fn source(council: &str) -> Source {
    Source::bare(
        SourceId::parse("sampleton").unwrap(),
        council.to_owned(),
        "Updates".to_owned(),
        "https://council.example/".parse().unwrap(),
    )
}

prop_compose! {
    fn author()(
        (name, language, path) in ("[\\PC]{1,40}", "[a-z]{2}(-[A-Z]{2})?", "[a-z&=.?é/-]{0,60}"),
        (postal, from_name, with_mailto) in (any::<bool>(), proptest::option::of("[\\PC]{0,50}"), any::<bool>()),
        why in prop::collection::vec("[\\PC]{1,90}", 0..3),
        told in prop::collection::vec(("[\\PC]{0,120}", "[\\PC\\n=.]{0,600}", "[\\PC]{1,30}"), 1..5),
    ) -> Author {
        let site = Site {
            name,
            url: format!("https://boards.example.org/{path}").parse().unwrap(),
            contact: "admin@example.org".to_owned(),
            postal_address: postal.then(|| "Town Hall, Sampleton".to_owned()),
            timezone: chrono_tz::Europe::London,
            language,
            topics: std::collections::BTreeMap::new(),
        };
        let told = told.iter().enumerate();
        let told = told.map(|(n, (title, text, council))| (Change::New, item(title, text, n), source(council))).collect();
        Author { site, from: Address::parse("updates@example.org").unwrap(), from_name, why, told, with_mailto }
    }
}

/// Who gets it: address, tokens to leave and to manage and the mailbox to leave by, Message-ID, second since 1970.
type Reader = (Address, [String; 3], String, u32);

fn reader(token_octets: usize) -> impl Strategy<Value = Reader> {
    let local = "[a-z0-9!#$%&'*+=?^_`{|}~-]{1,64}|lésér";
    let domain = "[a-z]{1,60}[.][a-z]{1,60}[.]org|bücher[.]example";
    let address =
        (local, domain).prop_filter_map("an address", |(local, domain)| Address::parse(&format!("{local}@{domain}")).ok());
    let token = || proptest::string::string_regex(&format!("[A-Za-z0-9_-]{{{token_octets}}}")).unwrap();
    let marks = (token(), token(), "leave[+][a-z0-9_.-]{30}[a-z]@example[.]org")
        .prop_map(|(leave, manage, mailbox)| [leave, manage, mailbox.replace("..", ".a")]);
    let marks = marks.prop_filter("an address", |marks| Address::parse(&marks[2]).is_ok());
    (address, marks, "<[0-9a-f]{32}@example[.]org>", any::<u32>())
}

fn marks(reader: &Reader) -> [&str; 3] {
    [&reader.1[0], &reader.1[1], &reader.1[2]]
}

fn tokens<'a>(marks: &[&'a str]) -> Tokens<'a> {
    Tokens { leave: marks[0], manage: marks[1] }
}

fn own<'a>((to, _, message_id, second): &'a Reader, marks: &'a [&'a str]) -> Own<'a> {
    Own { to, marks, message_id, date: DateTime::from_timestamp(i64::from(*second), 0).unwrap() }
}

fn cut(author: &Author, letter: &Letter, nobody: &Reader) -> Stencil {
    let marks = marks(nobody);
    let own = own(nobody, &marks);
    Stencil::cut(author.whole(letter, &own), &own)
}

fn sample(token_octets: usize) -> Reader {
    let token = |drawn: &str| drawn.chars().cycle().take(token_octets).collect();
    let mailbox = format!("leave+{}z@example.org", "q7".repeat(15));
    (
        Address::parse("nobody@example.org").unwrap(),
        [token("xQvJzK9"), token("9KwJyQz"), mailbox],
        format!("<{}@example.org>", "f0e1".repeat(8)),
        7,
    )
}

fn case() -> impl Strategy<Value = (Author, usize, Vec<Reader>)> {
    (author(), 7_usize..200)
        .prop_flat_map(|(author, octets)| (Just(author), Just(octets), prop::collection::vec(reader(octets), 1..6)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_stamped_message_is_the_one_written_for_its_reader_alone((author, octets, readers) in case()) {
        let nobody = sample(octets);
        let letter = author.letter(&marks(&nobody));
        let stencil = cut(&author, &letter, &nobody);
        for reader in &readers {
            let marks = marks(reader);
            let own = own(reader, &marks);
            let stamped = stencil.stamp(&own).unwrap();
            let whole = author.whole(&letter, &own);
            prop_assert_eq!(String::from_utf8_lossy(&stamped), String::from_utf8_lossy(&whole));
            // And the letter with a token is the digest that was laid out with it.
            let alone = author.letter(own.marks);
            prop_assert!(author.whole(&alone, &own) == stamped);
            let body = stamped.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
            prop_assert!(stamped[body..].split(|b| *b == b'\n').all(|line| line.len() <= 77));
        }
    }
}

fn plain_author() -> Author {
    let site = Site {
        name: "Board Watch".to_owned(),
        url: "https://boards.example.org/a&b/".parse().unwrap(),
        contact: "admin@example.org".to_owned(),
        postal_address: None,
        timezone: chrono_tz::Europe::London,
        language: "en-GB".to_owned(),
        topics: std::collections::BTreeMap::new(),
    };
    let told = vec![(Change::New, item("Update", "Some words.", 1), source("Sampleton Council"))];
    Author { site, from: Address::parse("updates@example.org").unwrap(), from_name: None, why: vec![], told, with_mailto: false }
}

#[test]
fn a_link_works_however_long_its_token_and_wherever_a_line_breaks_in_it() {
    let author = plain_author();
    for octets in 7..400 {
        let nobody = sample(octets);
        let letter = author.letter(&marks(&nobody));
        let stencil = cut(&author, &letter, &nobody);
        let token = |drawn: &str| drawn.chars().cycle().take(octets).collect::<String>();
        let tokens = [token("Az09_-"), token("_-90zA"), nobody.1[2].clone()];
        let reader = (Address::parse("r@example.org").unwrap(), tokens, nobody.2.replace('f', "a"), 1_700_000_000);
        let stamped = stencil.stamp(&own(&reader, &marks(&reader))).unwrap();
        let mail = mail_parser::MessageParser::default().parse(&stamped).unwrap();
        let ways = Ways::of(&author.site, Tokens { leave: &reader.1[0], manage: &reader.1[1] });
        for link in [&ways.unsubscribe_url, &ways.manage_url, &ways.mute_url(&author.told[0].1)] {
            assert!(mail.body_text(0).unwrap().contains(link), "{octets}");
            assert!(mail.body_html(0).unwrap().contains(&link.replace('&', "&#38;")), "{octets}");
        }
        assert!(String::from_utf8(stamped).unwrap().contains(&format!("/one-click/{}>", reader.1[0])), "{octets}");
    }
}

#[test]
fn what_would_make_lines_break_elsewhere_is_not_stamped() {
    let author = plain_author();
    let nobody = sample(48);
    let marks = marks(&nobody);
    let letter = author.letter(&marks);
    let stencil = cut(&author, &letter, &nobody);
    let whole = own(&nobody, &marks);
    let [token, manage, mailbox] = &nobody.1;
    let refused = [
        Own { marks: &[&token[1..], manage, mailbox], ..whole },
        Own { marks: &[token, &format!("{}=", &manage[1..]), mailbox], ..whole },
        Own { marks: &[&format!("{}\n", &token[1..]), manage, mailbox], ..whole },
        Own { marks: &[token, manage, &mailbox[1..]], ..whole },
        Own { marks: &[token, manage], ..whole },
        Own { message_id: "<1@example.org>", ..whole },
        Own { message_id: &format!("<{}\r\n@example.org>", "f".repeat(30)), ..whole },
    ];
    for own in refused {
        assert_eq!(stencil.stamp(&own), None, "{own:?}");
    }
    assert!(stencil.stamp(&whole).is_some());
}
