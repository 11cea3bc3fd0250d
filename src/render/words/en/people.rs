//! Signing up, choosing, changing and leaving, in English.

use super::super::kinds::{ChooseWords, ManageWords, NoteWords, PaceWords};
use super::super::{count, day};

pub(in crate::render::words) const CHOOSE: ChooseWords = ChooseWords {
    heading: "Get updates by email",
    lead: "Choose what you want to hear about, and how often. We then ask you once, by email, whether it was really you.",
    address: ("Your email address", "We use it to send you these updates and for nothing else."),
    trap: "Leave this field empty",
    everything: ("Everything", "Every council and every page that we watch."),
    everything_label: "All updates",
    councils: ("Councils", "Tick as many as you like: all that we watch of a council, or only some of its pages."),
    single_pages: |council, pages| match pages {
        1 => format!("Only one page of {council}"),
        _ => format!("Only some pages of {council}"),
    },
    topics: ("Topics", "From whichever council they come."),
    keywords: ("Your own words", "Updates of any council that hold a word or phrase."),
    keywords_label: ("Words or phrases", "One a line, for example: school places"),
    keywords_often: "Updates with your own words",
    quiet: "When there is no news",
    monthly: (
        "Tell me once a month that you are still watching",
        "Only if there was no news for you in that month. It says how each page is doing.",
    ),
    how_often: ("How often we write", "For everything that you ticked. Nothing is sent when there is nothing new."),
    often: ["As soon as it is published", "Once a day, in one email", "Once a week, in one email"],
    like_the_rest: "As often as the rest",
    some_otherwise: (
        "Choose another rhythm for some",
        "Only what you have ticked above is sent. It comes as often as you say here, and the rest as often as you said above.",
    ),
    work_out: "Work out how many emails that is",
    sign_up: "Sign up",
    privacy_link: "How we look after your data",
    updates: PaceWords {
        hardly_any: "No updates in the last three months",
        rarely: "Less than 1 update a month",
        a_month: |n| format!("About {} a month", count(n, "update")),
        a_week: |n| format!("About {} a week", count(n, "update")),
    },
    mails: PaceWords {
        hardly_any: "hardly any emails",
        rarely: "less than 1 email a month",
        a_month: |n| format!("about {} a month", count(n, "email")),
        a_week: |n| format!("about {} a week", count(n, "email")),
    },
    estimate: |mails| {
        format!("What you have chosen means {mails} to you. We worked this out from what was published in the last three months.")
    },
    problem: "There is a problem",
    error: "Error:",
    address_missing: "Enter your email address",
    address_invalid: "Enter an email address in the correct format, like name@example.com",
    address_ours: "Enter your own email address: this is one that our emails come from",
    nothing_chosen: "Choose at least one thing to hear about",
    often_without_tick: "Tick what you gave a rhythm of its own, or choose “As often as the rest” for it",
    keywords_without_often: "Choose how often we write about your words",
    often_without_keywords: "Enter a word or phrase, or choose “As often as the rest” for your own words below",
    keywords_too_much: "Enter up to 20 words or phrases, each with a letter in it and no longer than 80 characters",
    consent: |site| {
        format!(
            "By signing up you ask {site} to email you about what you have chosen. You can stop at any time, with one click in every email. We keep your address for this alone, give it to nobody, and erase it four weeks after you leave."
        )
    },
    consent_edition: "2026-11/en",
    consent_to_change: |site| {
        format!(
            "{site} then emails you about what you have chosen. You can stop at any time, with one click in every email. We keep your address for this alone, give it to nobody, and erase it four weeks after you leave."
        )
    },
    consent_to_change_edition: "2026-11/en/change",
};

pub(in crate::render::words) const NOTES: NoteWords = NoteWords {
    check_inbox: "Check your inbox",
    sent_to: |address| {
        format!(
            "To confirm, follow the link in our newest email to {address}. No updates are sent because of this before you do."
        )
    },
    link_sent_to: |address| {
        format!("If {address} gets updates from us, the link in our newest email there leads to where you see and change them.")
    },
    not_arrived: &[
        "A new email can take a few minutes. If none arrives, look among your spam, and check that you typed the address correctly.",
        "For one address we send only a few such emails a day. If you have asked more often than that, no new one comes today: use the newest that you have, or ask again tomorrow.",
    ],
    link_works: |days| format!("The link in such an email works for {days} days."),
    confirm: "Do you want these updates?",
    confirm_lead: |address| format!("We will write to {address} about:"),
    confirm_move_lead: |address| format!("These updates will go to {address} instead of the address that they go to now:"),
    confirm_join_lead: |address| {
        format!("These updates go to another address now. They will come to {address} too, and the other address gets no more:")
    },
    confirm_join_nothing_lead: |address| {
        format!("What goes to another address now comes to {address} already. The other address will get no more.")
    },
    confirm_add_lead: |address| format!("We will also write to {address} about:"),
    confirm_change: "Do you want this change?",
    confirm_change_lead: |address| format!("What we send to {address} will change:"),
    confirm_change_button: "Yes, change it",
    goes_on: "What this address gets already goes on:",
    confirm_button: "Yes, send me updates",
    nothing_yet: "Nothing changes until you press the button.",
    confirmed: ("You are subscribed", "Thank you. We write as soon as there is something to tell."),
    changed: ("What you get has changed", "Thank you. From now on we send you:"),
    confirmed_paused: "Thank you. We write when your pause is over and there is something to tell.",
    end_pause: "End the pause, or change what you get",
    confirmed_before: ("You are subscribed", "You have confirmed this already. There is nothing else to do."),
    confirmed_and_left: (
        "This link has been used",
        "You confirmed with it before, and have left since. To come back, sign up again.",
    ),
    request_gone: (
        "There is nothing to confirm any more",
        "The request is too old, or has been erased. You can sign up again; it takes a minute.",
    ),
    unsubscribe: "Unsubscribe from all updates?",
    unsubscribe_lead: |address| match address {
        Some(address) => format!("We will send no more mail to {address}. It takes effect at once."),
        None => "We will send no more mail. It takes effect at once.".to_owned(),
    },
    unsubscribe_button: "Unsubscribe",
    unsubscribed: "You are unsubscribed",
    unsubscribed_lead: |address| match address {
        Some(address) => format!("We send no more mail to {address}. There is nothing else to do."),
        None => "We send no more mail. There is nothing else to do.".to_owned(),
    },
    unsubscribed_told_lead: |address| match address {
        Some(address) => format!("We send no more updates to {address}, only one last email that says so."),
        None => "We send no more updates, only one last email that says so.".to_owned(),
    },
    last_mail: "With the link in that email, too, you can undo this for a day.",
    on_its_way: "A mail that was already on its way may still reach you. We erase your address in four weeks.",
    on_its_way_to_nobody: "A mail that was already on its way may still reach you. We no longer hold your address: it has been erased.",
    unsubscribe_elsewhere: "You moved your updates from this address to another one, where they go on. We will send no more mail there either. It takes effect at once.",
    unsubscribed_elsewhere: "You moved your updates from this address to another one. They have ended there too: we send no more mail. If they went on until now, a last mail there says so.",
    unsubscribe_also_elsewhere: "Updates that were moved from this address to another one before will end there too.",
    unsubscribed_also_elsewhere: "Updates that were moved from this address to another one before have ended there too. If they went on until now, a last mail there says so.",
    undo: "Undo: go on sending me updates",
    undone: (
        "You are subscribed again",
        "What you chose holds as before. Updates that were due while you were unsubscribed are not sent later; you find them in the archive.",
    ),
    move_back: "Bring your updates back?",
    move_back_lead: |address| format!("They were moved to another address. We will write to {address} again, about:"),
    move_back_ends: "The other address gets no more, and a mail that says so.",
    move_back_button: "Yes, bring them back",
    moved_back: (
        "Your updates come here again",
        "What was published meanwhile went to the other address; you find it in the archive. See whether you get what you want, and pass no mail on with its links: they may be how it was moved.",
    ),
    to_archive: "See what was published meanwhile",
    not_undone: (
        "This cannot be undone any more",
        "The time for that is over. If you want updates again, sign up again; it takes a minute.",
    ),
    link_altered: (
        "This link does not work",
        "It may have been cut short on its way: copy all of it from the email. If it still does not work, ask for a new one.",
    ),
    link_for_other: (
        "This link is for something else",
        "Go back to the email and follow the link that says what you want to do.",
    ),
    link_expired: (
        "This link is too old",
        "Links in our emails work for some days only, in case an email gets into the wrong hands.",
    ),
    page_too_old: (
        "This page has been open for too long",
        "Nothing has changed. What you reach by a link in one of our emails works for some days only, in case the email gets into the wrong hands. Ask for a new link, and do it again there.",
    ),
    new_link: "Ask for a new link",
    sign_up_again: "Sign up again",
    to_feeds: "Read every update in the feeds, which need no address",
    mute: "Hear no more of this?",
    mute_lead: |title| format!("We will not write about changes to “{title}” any more. Everything else goes on."),
    mute_button: "Hear no more of it",
    muted: "We will not write about it any more",
    to_manage: "See or change what you get",
    nobody: ("Nothing is sent to this address", "There is nothing to change. If you want updates, sign up."),
    erased: (
        "Everything about you is erased",
        "It is gone at once from what we use, and within a day from our files. We keep only a code that tells us to leave the address alone.",
    ),
    too_many_here: (
        "Too many requests",
        "There have been very many requests from your network in the last hour. Please try again later, or from another network.",
    ),
    too_many_there: (
        "Too many requests",
        "There have been very many requests for addresses like yours, after the @, in the last hour. Please try again in an hour.",
    ),
    too_many_everywhere: ("We cannot take this in now", "Very many people are signing up at once. Please try again in an hour."),
    privacy: "How we look after your data",
    privacy_says: |site, contact| {
        vec![
            format!("{site} is run by the people you reach at {contact}. They decide what happens with your data."),
            "We keep your email address, what you chose, when and how you agreed to it in which words, and what we sent you. We use it to send you the updates you asked for. The basis is your consent; you can withdraw it in every email, with one click.".to_owned(),
            "We ask for nothing else. There are no cookies, no pictures that report back and no counted clicks. We give your address to nobody; it passes through the mail servers that carry the email.".to_owned(),
            "An address that is not confirmed is erased after 7 days. After you unsubscribe we keep the address for 28 days, in case it was a mistake; then it is erased. What stays is a code made from it, which cannot be turned back and tells us not to write again. If you were only taken off a list, we also keep for 400 days what was sent to that code, so that nothing is sent twice should you be put back.".to_owned(),
            "On your own page, to which every email links, you can see and change what you get, download everything that we hold about you, move to another address, and have everything erased, with addresses that you moved from: from then on nobody sees it, and within a day it is gone from our files.".to_owned(),
            "You can complain to the Information Commissioner’s Office, at ico.org.uk.".to_owned(),
        ]
    },
    accessibility: "Accessibility statement",
    accessibility_says: |site, contact| {
        let lead = format!(
            "This statement is about the pages of {site} and the emails that it sends. We want everybody to be able to use them."
        );
        let parts = vec![
            (
                "What you should be able to do",
                vec![
                    "Sign up, confirm, change what you get and leave with a keyboard alone, without JavaScript and without a password.".to_owned(),
                    "Enlarge the pages to 400%, or read them on a screen that is 320 pixels wide, without scrolling sideways.".to_owned(),
                    "Choose light or dark colours and your own text size in your browser or email program: the pages and emails follow them.".to_owned(),
                    "Read every email as plain text. Nothing is said by a picture or by colour alone.".to_owned(),
                ],
            ),
            (
                "How accessible it is",
                vec![
                    "We aim for level AA of the Web Content Accessibility Guidelines, version 2.2. These pages meet it partially, because of what is named below.".to_owned(),
                    "What councils write is shown in their own words. Where a council writes in another language than this page, Welsh for example, that part is not marked as such, and a screen reader may pronounce it wrongly (success criterion 3.1.2, Language of Parts).".to_owned(),
                    "Headings, lists and links within a council’s text are as the council made them. Some are not clear out of context (success criteria 1.3.1 and 2.4.4).".to_owned(),
                    "Documents, and the pages of councils that we link to, are the councils’ own. We cannot change them. Their own statements say whom to ask for another format.".to_owned(),
                ],
            ),
            (
                "How it was tested",
                vec![
                    "Programs test every kind of page whenever the software behind this site is changed: axe-core, in light and dark; the Nu HTML Checker; a measure of whether anything is wider than 320 pixels; and a browser that signs up and confirms with the keyboard alone. None of them finds a fault at present.".to_owned(),
                    "Programs find only some of what keeps people out. It has not been tested yet by people who use screen readers, magnifiers or voice control.".to_owned(),
                ],
            ),
            (
                "Tell us what does not work",
                vec![
                    format!("If something keeps you from using a page or an email, or you need it in another form, write to {contact}. Say which page or email it is and what you use to read it."),
                    "If you are not content with the answer, the Equality Advisory and Support Service, at equalityadvisoryservice.com, can advise you.".to_owned(),
                ],
            ),
        ];
        (lead, parts)
    },
};

pub(in crate::render::words) const MANAGE: ManageWords = ManageWords {
    ask_heading: "See or change what you get",
    ask_lead: "Enter your email address. We send you a link to the page on which you see and change your updates.",
    ask_button: "Send me the link",
    heading: "Your updates",
    for_address: |address| format!("What we send to {address}:"),
    private: "This page is for you alone: whoever has its address can change what you get. Do not pass it on.",
    from_list: "kept on a list for you",
    change: "Change what you get",
    save: "Save what I chose",
    saved: "Saved. It holds from now on.",
    pause: (
        "Pause",
        "We send no updates until the day you give. What is published meanwhile is not sent later; you find it in the archive.",
    ),
    pause_until: ("Pause until", "A day within the next year, for example 31/1/2027"),
    pause_button: "Pause updates",
    paused: |until| format!("Your updates are paused until {}.", day(until)),
    pause_holds: |until| {
        format!(
            "Your updates are paused until {}: before that day we send none, and what is published meanwhile is not sent later. You can end the pause on your own page.",
            day(until)
        )
    },
    pause_ends: |until| {
        format!(
            "The pause until {} belongs to the other address and does not hold here: we write as usual. You can pause your updates on your own page.",
            day(until)
        )
    },
    go_on: "End the pause now",
    pause_ended: "Your updates go on.",
    pause_invalid: "Enter a day between tomorrow and a year from now",
    mutes: ("What you hear no more of", "We do not write about changes to these."),
    unmute: |title| format!("Hear of “{title}” again"),
    unmuted: "You hear of it again.",
    address: ("Use another address", "We ask the new address whether it wants this, and change it when it says yes."),
    new_address: "New email address",
    address_button: "Change the address",
    data: (
        "Your data",
        "Everything that we hold about you, in one file: addresses, choices, what you agreed to and when, and what we sent.",
    ),
    download: "Download my data",
    leave: ("Unsubscribe", "We send no more updates. You can undo it for a day."),
    goodbye_mail: "Send me one last email that says so",
    erase: (
        "Erase me",
        "We end your updates and erase everything about you: at once from what we use, and within a day from our files. This cannot be undone.",
    ),
    erase_sure: "Yes, erase everything about me",
    erase_button: "Erase me",
    erase_not_sure: "Tick the box if you really want everything about you erased",
};
