//! English, as GOV.UK writes it: short, plain, and to the reader.

mod facts;
mod mail;
mod people;

use super::{
    ArchiveWords, FrontWords, HealthWords, ItemWords, LayoutWords, ProblemWords, SearchWords, StatusWords, Words, count, day,
    time,
};
use crate::rules::day::Day;
use crate::rules::health::Health;

pub(super) static WORDS: Words = Words {
    language: "en",
    layout: LAYOUT,
    front: FRONT,
    item: ITEM,
    archive: ARCHIVE,
    search: SEARCH,
    status: STATUS,
    health: HEALTH,
    problem: PROBLEM,
    choose: people::CHOOSE,
    notes: people::NOTES,
    manage: people::MANAGE,
    facts: facts::FACTS,
    revision: facts::REVISION,
    wants: mail::WANTS,
    digest: mail::DIGEST,
    watch: mail::WATCH,
    foot: mail::FOOT,
    letter: mail::LETTER,
};

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
    time,
    of_council: |council, title| format!("{council}: {title}"),
    withdrawn: "Withdrawn",
    cancelled: "Cancelled",
    changed: "Changed",
    changed_on: |day| format!("Changed on {day}"),
    back_on: |day| format!("Published again on {day}"),
    published_on: |day| format!("Published on {day}"),
    untitled: "Untitled update",
    councils_page: "council’s own page",
    previous_page: "Previous page",
    next_page: "Next page",
    page_of: |page, pages| format!("page {page} of {pages}"),
    pages: "Pages of the list",
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
    feed_on: |topic| format!(" on the topic “{topic}”"),
};

const ITEM: ItemWords = ItemWords {
    read_it_there: |council| format!("Read it on {council}’s own page"),
    read_what_it_said: "Read what it said",
    where_it_stood: "Where it stood on the council’s site",
    withdrawn_on: |day| format!("The council no longer publishes this. It was gone from its page on {day}."),
    withdrawn_note: "What you see below is what stood there before.",
    from: "From",
    published: "Published",
    updated: "Updated by the council",
    first_seen: "First seen by us",
    meeting: "Meeting",
    stage: "Papers",
    next_meeting: "Next meeting",
    topics: "Topics",
    see_history: "See what changed",
    decisions: "Decisions",
    reasons: "Reasons for the decision",
    options_rejected: "Other options considered",
    commitments: "Promised by a date",
    documents: "Documents",
    text: "What it says",
    text_was: "What it said",
    no_text: "We could not read more than its title. The council’s own page has the rest.",
    history: "History",
    first_version: |day| format!("First seen on {day}"),
    changed_on: |day, classes| format!("Changed on {day}: {classes}"),
    withdrawal: |day| format!("Withdrawn on {day}"),
    earlier_versions: |count| {
        if count == 1 { "1 earlier version is not listed".to_owned() } else { format!("{count} earlier versions are not listed") }
    },
    before: "Before",
    now: "Now",
    added: "Added",
    removed: "Removed",
    spoken_gone: ("removed: ", ", end of removed words. "),
    spoken_come: ("added: ", ", end of added words. "),
    evidence: "Where this comes from",
    evidence_lead: "The page as the council’s server sent it. With the checksum, a kept copy can be shown to be the same.",
    fetched: "Fetched",
    fetched_from: "From",
    http_status: "Answer",
    size: "Size",
    bytes: |n| format!("{n} bytes"),
    sha256: "SHA-256",
    recipe: "Read by",
    recipe_is: |platform, number| match platform {
        Some(platform) => format!("recipe {number} for {platform}"),
        None => format!("recipe {number}"),
    },
    page_not_kept: "The page itself is no longer kept.",
    feeds: "Feeds that hold this",
    feeds_lead: "Each tells of every further change.",
    feeds_lead_gone: "Each says that it was withdrawn.",
};

const ARCHIVE: ArchiveWords = ArchiveWords {
    heading: "Archive",
    heading_of: |what| format!("Archive: {what}"),
    description: "Every update that we have read, newest first.",
    show: "Show",
    which: "Council, page or topic",
    month: "Month",
    everything: "Everything",
    every_month: "Every month",
    councils: "Councils",
    topics: "Topics",
    pages: "Pages",
    topic: |topic| format!("Topic: {topic}"),
    month_name: |first| first.format("%B %Y").to_string(),
    in_month: |what, month| format!("{what}, {month}"),
    found: |items| count(items, "update"),
    none: "There is nothing here. Try another month, or everything.",
    list: "Updates",
};

const SEARCH: SearchWords = SearchWords {
    heading: "Search",
    label: "Words to look for",
    hint: "Titles, texts, decisions and names of documents are searched. Put a phrase in quotation marks.",
    button: "Search",
    which: "Where",
    results_for: |query| format!("Search: {query}"),
    found: |items| format!("{} found", count(items, "update")),
    none: "Nothing was found.",
    meant: "Did you mean",
    advice: "Try fewer words, another spelling, or everything instead of one council. Words inside documents such as PDFs are not searched.",
    not_ready: "The search is being made ready. Please try again in a few minutes, or use the archive.",
    too_short: "Type a word or two to look for.",
    results: "Results",
};

const STATUS: StatusWords = StatusWords {
    heading: "Status",
    lead: "How each page that we watch is doing, and when we last read it.",
    all_well: |sources| format!("{}, all read as they should be.", count(sources, "page")),
    some_wrong: |wrong, sources| {
        let need = if wrong == 1 { "1 page needs".to_owned() } else { format!("{wrong} pages need") };
        format!("{need} attention, of {sources} that we watch.")
    },
    none: "No page is watched yet.",
    next_read: "Next reading:",
    items: |items| count(items, "update"),
    newest: |what, day| match what {
        Day::Published(_) => format!("the newest from {day}"),
        Day::Meeting(_) => format!("the newest of the meeting of {day}"),
        Day::FirstSeen(_) => format!("the newest first seen {day}"),
    },
    what_it_means: "What the words mean",
    meaning: |health| match health {
        Health::Fine => "We read the page as it should be, and something new came within the last three weeks.",
        Health::Quiet => "We read the page, and nothing new is there. Many boards publish only after each meeting.",
        Health::Overdue => {
            "We read the page, but by its own past something new should be there by now. Meetings are postponed; it may mean nothing."
        }
        Health::NotReadYet => "We have only begun to watch the page, and have not read it yet.",
        Health::Blocked => "The council’s site turns programs away. We do not know whether anything is new, and try again.",
        Health::AskedAway => {
            "The council’s site says that programs should leave the page alone, and we do. We do not know whether anything is new, and look from time to time whether it still says so."
        }
        Health::LookedAt => {
            "The page reads so differently from before that a person looks at it first. Nothing is announced until then."
        }
        Health::Unreachable => {
            "The page did not answer, or answered with an error. We try again, and miss nothing that is still there then."
        }
    },
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
