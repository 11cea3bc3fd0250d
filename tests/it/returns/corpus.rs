//! Ten thousand mails as they come back to a return address: the bounces of some forty kinds of servers, delays, receipts,
//! auto-replies in many languages, complaints, requests to be taken off, letters by people, and spam.
//!
//! They are made from templates in the shapes of real servers' messages, in words of our own for what people write. A seed
//! decides everything, so that a failure can be looked at again.

mod cloud;
mod dsn;
mod letters;
mod odd;
mod plain;
mod replies;
mod reports;
mod scant;
mod stages;
mod words;

use std::fmt::Write as _;

/// What a mail is, by whoever wrote the template.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Truth {
    /// A bounce: no such address.
    Gone,
    /// A bounce: the mailbox or its server could not take it.
    Soft,
    /// A bounce: for what is thought of us, or for our message.
    Ours,
    /// Not given up yet.
    Delayed,
    /// It arrived, or was read.
    Receipt,
    /// Somebody is away, or a machine thanks.
    AutoReply,
    /// A complaint.
    Complaint,
    /// To be taken off.
    Unsubscribe,
    /// Anything else.
    Other,
}

/// One mail.
pub struct Case {
    /// Whose template.
    pub dialect: &'static str,
    pub truth: Truth,
    pub bytes: Vec<u8>,
    /// To whom our message went.
    pub recipient: String,
    /// Where the mail came to.
    pub envelope_to: String,
}

/// Draws that a seed decides.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn hex(&mut self, digits: usize) -> String {
        let mut out = String::new();
        while out.len() < digits {
            write!(out, "{:016x}", self.next()).unwrap();
        }
        out.truncate(digits);
        out
    }
}

/// What a template is filled with: one message of ours and its way.
pub struct Fill {
    pub dice: Dice,
    /// Whom it went to.
    pub to: String,
    /// The envelope's sender: where the answer goes.
    pub back: String,
    /// `<…>`.
    pub message_id: String,
    pub subject: String,
    /// Whose server speaks.
    pub mta: String,
    /// The server that refused.
    pub mx: String,
    pub date: String,
    pub queue_id: String,
}

const FIRST: [&str; 16] = [
    "anne",
    "bob.smith",
    "c.jones",
    "d-patel",
    "emma",
    "f.o'hara",
    "gwen",
    "h_khan",
    "ian77",
    "j.doe",
    "k.larsen",
    "liz+board",
    "m.ward",
    "n.okafor",
    "owen",
    "p.qureshi",
];
const DOMAINS: [&str; 8] = [
    "example.org",
    "mail.example.org",
    "example.net",
    "town.example.org",
    "example.com",
    "post.example.net",
    "council.example.org",
    "uni.example.net",
];
const SUBJECTS: [&str; 6] = [
    "2 updates from Trumpton Council",
    "New: Improvement Board, 12 November 2026",
    "Changed: Children's services improvement plan",
    "Cabinet report on user accounts that do not exist",
    "Weekly digest: 5 updates",
    "=?utf-8?q?Bwrdd_Gwella=3A_diweddariad?=",
];

impl Fill {
    pub fn new(seed: u64, back: impl FnOnce(&str) -> String, message_id: impl FnOnce(&str) -> String) -> Self {
        let mut dice = Dice::new(seed);
        let domain = dice.one_of(&DOMAINS);
        let to = format!("{}{}@{domain}", dice.one_of(&FIRST), dice.below(9000));
        let day = 1 + dice.below(28);
        let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
        let zone = dice.one_of(&["+0000", "+0100", "-0800 (PST)", "GMT", "+0000 (UTC)"]);
        Self {
            back: back(&to),
            message_id: message_id(&to),
            subject: dice.one_of(&SUBJECTS).to_owned(),
            mta: format!("{}.{domain}", dice.one_of(&["mail", "mx1", "relay", "smtp-out", "mta7"])),
            mx: format!("{}.{domain}", dice.one_of(&["mx", "aspmx", "in", "mail2"])),
            date: format!("{day} Nov 2026 {hour:02}:{minute:02}:{second:02} {zone}"),
            queue_id: dice.hex(11).to_uppercase(),
            to,
            dice,
        }
    }

    pub fn local(&self) -> &str {
        self.to.split('@').next().unwrap()
    }

    pub fn domain(&self) -> &str {
        self.to.split('@').nth(1).unwrap()
    }

    /// The head of our message as it is returned.
    pub fn our_head(&self) -> String {
        format!(
            "Received: from boards.example.org (boards.example.org [192.0.2.10])\n\tby {} (Postfix) with ESMTPS id {}\n\tfor <{}>; {}\n\
             From: \"Board Watch\" <updates@boards.example.org>\nTo: {}\nSubject: {}\nDate: {}\nMessage-ID: {}\n\
             List-Id: Board Watch <updates.boards.example.org>\n\
             List-Unsubscribe: <https://boards.example.org/one-click/AgEBnoTokenOfAnyInstallation0123456789abcdefghijklmn>\n\
             Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"=_b0undary\"\n",
            self.mta, self.queue_id, self.to, self.date, self.to, self.subject, self.date, self.message_id
        )
    }

    /// Our whole message as it is returned.
    pub fn our_message(&self) -> String {
        format!(
            "{}\n--=_b0undary\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
             Trumpton Council published an update. The mailbox for questions was full, the user accounts were unknown =E2=80=93 delivery \
             of the plan has failed before.\n\n--=_b0undary\nContent-Type: text/html; charset=utf-8\n\n<p>Trumpton Council</p>\n--=_b0undary--\n",
            self.our_head()
        )
    }

    /// The head of what comes back: sender, subject, and more header lines.
    pub fn head(&self, from: &str, subject: &str, more: &str) -> String {
        format!(
            "Return-Path: <>\nDelivered-To: {back}\nReceived: from {mta} ({mta} [198.51.100.7])\n\tby mx.boards.example.org (Postfix) with ESMTP id {q}\n\
             \tfor <{back}>; {date}\nDate: {date}\nFrom: {from}\nSubject: {subject}\nTo: {back}\nMessage-ID: <{q}.{q}@{mta}>\nMIME-Version: 1.0\n{more}",
            back = self.back,
            mta = self.mta,
            q = self.queue_id,
            date = self.date
        )
    }
}

/// A template: who speaks like that, how often of a hundred thousand, and the mail with its truth.
pub struct Template {
    pub dialect: &'static str,
    pub share: usize,
    pub make: fn(&mut Fill) -> (Truth, String),
}

/// All templates.
pub fn templates() -> Vec<Template> {
    let all = [
        dsn::all(),
        plain::all(),
        cloud::all(),
        reports::all(),
        replies::all(),
        letters::all(),
        stages::all(),
        odd::all(),
        scant::all(),
    ];
    all.into_iter().flatten().collect()
}

/// `count` mails, each template in turn by its share.
pub fn cases(
    count: usize,
    seed: u64,
    back: impl Fn(&str) -> String,
    message_id: impl Fn(&str) -> String,
) -> impl Iterator<Item = Case> {
    let templates = templates();
    let wheel: Vec<usize> = templates.iter().enumerate().flat_map(|(at, t)| std::iter::repeat_n(at, t.share)).collect();
    (0..count).map(move |n| {
        let template = &templates[wheel[n % wheel.len()]];
        let mut fill = Fill::new(seed.wrapping_add(n as u64 * 7919), &back, &message_id);
        let (truth, text) = (template.make)(&mut fill);
        let bytes = if fill.dice.chance(60) { text.replace('\n', "\r\n") } else { text };
        Case { dialect: template.dialect, truth, bytes: bytes.into_bytes(), recipient: fill.to, envelope_to: fill.back }
    })
}
