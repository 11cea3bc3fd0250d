//! English, as GOV.UK writes it: short, plain, and to the reader.

use super::{FrontWords, HealthWords, LayoutWords, ProblemWords, StatusWords, Words, count, day};

pub(super) static WORDS: Words =
    Words { language: "en", layout: LAYOUT, front: FRONT, status: STATUS, health: HEALTH, problem: PROBLEM };

const LAYOUT: LayoutWords = LayoutWords {
    skip: "Skip to main content",
    site_pages: "Pages of this site",
    subscribe: "Get updates by email",
    archive: "Archive",
    search: "Search",
    status: "Status",
    feeds: "Feeds",
    not_official: |site| {
        format!(
            "{site} is not an official service of any council. What councils publish stays on their own pages, and we link to them first."
        )
    },
    licence: ("Contains public sector information licensed under the", "Open Government Licence v3.0"),
    contact: "Contact:",
    day,
    of_council: |council, title| format!("{council}: {title}"),
    withdrawn: "Withdrawn",
    changed: "Changed",
    untitled: "Untitled update",
    councils_page: "council’s own page",
};

const FRONT: FrontWords = FrontWords {
    description: "New board and committee updates from UK councils, by email and as feeds.",
    heading: "Board and committee updates, as councils publish them",
    lead: "We read the pages below again and again, and say what is new, what has changed and what has gone.",
    subscribe: "Get updates by email",
    or_search: "Search all updates",
    latest: "Latest updates",
    none_yet: "Nothing yet: the pages below have still to be read for the first time.",
    all_items: "All updates, in the archive",
    councils: "Councils we watch",
    no_sources: "No page is watched yet.",
    last_read: "Last read",
    not_read: "Not read yet",
    topics: "Topics",
    feeds: "Feeds",
    feeds_lead: "A feed brings every update to a reader of your choice, without an address or a sign-up.",
    everything: "Everything",
    more_feeds: "More",
    calendar: "Calendar of next meetings",
    opml: "All feeds at once (OPML)",
    feed_of: |title| format!(" of {title}"),
};

const STATUS: StatusWords = StatusWords {
    heading: "Status",
    lead: "How each page that we watch is doing, and when we last read it.",
    all_well: |sources| format!("{}, all read as they should be.", count(sources, "page")),
    some_wrong: |wrong, sources| {
        let need = if wrong == 1 { "1 needs" } else { &format!("{wrong} need") };
        format!("{need} attention, of {} that we watch.", count(sources, "page"))
    },
    none: "No page is watched yet.",
    next_read: "Next reading:",
    items: |items| count(items, "update"),
    newest: |day| format!("the newest from {day}"),
    what_it_means: "What the words mean",
    meanings: &[
        ("Quiet, as usual", "We read the page, and nothing new is there. Many boards publish only after each meeting."),
        (
            "Overdue",
            "We read the page, but by its own past something new should be there by now. Meetings are postponed; it may mean nothing.",
        ),
        (
            "Blocked by the council’s firewall",
            "The council’s site turns programs away. We do not know whether anything is new, and try again.",
        ),
        (
            "Being looked at",
            "The page reads so differently from before that a person looks at it first. Nothing is announced until then.",
        ),
        (
            "Cannot be reached",
            "The page did not answer, or answered with an error. We try again, and miss nothing that is still there then.",
        ),
    ],
};

const HEALTH: HealthWords = HealthWords {
    not_read_yet: "Not read yet",
    read: |ago| format!("Read {ago}"),
    never_read: "Never read yet",
    quiet: "Quiet, as usual",
    overdue: "Overdue",
    blocked: "Blocked by the council’s firewall",
    asked_away: "The council’s site asks programs to stay away",
    unreachable: "Cannot be reached",
    looked_at: "Being looked at",
    last_read: |ago| format!("Last read {ago}"),
    fine: "Up to date",
    just_now: "just now",
    minutes_ago: |n| format!("{} ago", count(usize::try_from(n).unwrap_or(0), "minute")),
    hours_ago: |n| format!("{} ago", count(usize::try_from(n).unwrap_or(0), "hour")),
    days_ago: |n| format!("{} ago", count(usize::try_from(n).unwrap_or(0), "day")),
};

const PROBLEM: ProblemWords = ProblemWords {
    not_found: (
        "There is no such page",
        "If you typed the address, check it. If you followed a link from one of our mails, it may have been cut short: copy all of it.",
    ),
    wrong_way: ("That address does not work this way", "Start again from the front page."),
    too_slow: ("That took too long", "The connection was too slow to finish. Please try again."),
    too_much: ("That is too much to take in", "What was sent is larger than anything this site asks for."),
    not_understood: ("That request could not be understood", "Go back and try again, or start from the front page."),
    too_often: ("That was too often", "Please wait a few minutes and try again."),
    busy: ("The site is busy", "Please try again in a minute."),
    our_fault: ("Something went wrong here", "It is our fault, not yours. Please try again in a minute."),
    write_to: "If it goes on, write to",
    to_the_front: "To the front page",
};
