//! Previews of letters to one person: a question, an answer, word of what became of their subscription.

use super::{NOBODY, PreviewKind};
use crate::domain::occasion::Occasion;
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::render::email::{Addition, ConfirmMail, MailEntry, PersonalMail, Rendered, confirm, personal};
use crate::rules::token::Purpose;
use chrono::{DateTime, Utc};

/// What the reader of a preview gets, and what they asked for beside it.
const GETS: &str = "Sampleton Council, once a day";
const ASKED_FOR: &str = "Exampleshire Council, once a week";

/// A letter's words, and whether it goes to somebody who gets updates; `None` where this kind is no letter. `latest`: the newest
/// item that is known.
pub(super) fn letter(kind: PreviewKind, site: &Site, latest: Option<&MailEntry>, now: DateTime<Utc>) -> Option<(Rendered, bool)> {
    let occasion = match kind {
        PreviewKind::Confirm => return Some((question(site, false), false)),
        PreviewKind::Move => return Some((question(site, true), false)),
        PreviewKind::Add => Occasion::Add { until: now },
        PreviewKind::Known => Occasion::Known,
        PreviewKind::Link => Occasion::Manage,
        PreviewKind::Welcome => Occasion::Welcome,
        PreviewKind::Goodbye => Occasion::Goodbye,
        PreviewKind::EndedByLink => Occasion::EndedByLink { mailed_to: 0 },
        PreviewKind::Moved => Occasion::Moved,
        PreviewKind::MovedBack => Occasion::MovedBack,
        PreviewKind::Digest
        | PreviewKind::Changed
        | PreviewKind::Withdrawn
        | PreviewKind::Immediate
        | PreviewKind::Watching
        | PreviewKind::Unreadable => return None,
    };
    let is_to_a_reader = matches!(occasion, Occasion::Add { .. } | Occasion::Known | Occasion::Manage | Occasion::Welcome);
    let page = |path: &str| site.link(&format!("{path}/{NOBODY}"));
    let has_page = is_to_a_reader && kind != PreviewKind::Add;
    let mailed_to = Address::parse("reader@example.org").ok().filter(|_| kind == PreviewKind::EndedByLink);
    let mail = PersonalMail {
        site,
        wants: vec![GETS.to_owned()],
        manage_url: has_page.then(|| page("manage")),
        valid_days: days(if kind == PreviewKind::Moved { Purpose::MoveBack } else { Purpose::Manage }),
        unsubscribe_url: is_to_a_reader.then(|| page("unsubscribe")),
        sign_up_url: site.link("subscribe"),
        latest: latest.filter(|_| kind == PreviewKind::Welcome).map(|entry| (entry.known, entry.source)),
        addition: (kind == PreviewKind::Add).then(|| Addition {
            wants: vec![ASKED_FOR.to_owned()],
            is_change: false,
            is_move: false,
            confirm_url: page("confirm"),
            valid_days: days(Purpose::Confirm),
        }),
        back_url: (kind == PreviewKind::Moved).then(|| page("back")),
        mailed_to: mailed_to.as_ref().map(Address::masked),
        undo_url: matches!(kind, PreviewKind::Goodbye | PreviewKind::EndedByLink).then(|| page("unsubscribe")),
        is_by_admin: false,
        reason: None,
        changed: Vec::new(),
        pause: None,
    };
    Some((personal(&mail, occasion), is_to_a_reader))
}

fn question(site: &Site, is_move: bool) -> Rendered {
    confirm(&ConfirmMail {
        site,
        wants: vec![GETS.to_owned()],
        confirm_url: site.link(&format!("confirm/{NOBODY}")),
        valid_days: u32::try_from(days(Purpose::Confirm)).unwrap_or(0),
        is_move,
        pause: None,
    })
}

/// For how many days a link works.
fn days(of: Purpose) -> i64 {
    of.life().map_or(0, |life| life.num_days())
}
