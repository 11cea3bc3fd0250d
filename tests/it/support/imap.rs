//! An IMAP server in small: one account, folders of mails with UIDs and flags; and the oddities of some servers on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail in a folder.
#[derive(Clone, Debug)]
pub struct Held {
    pub uid: u32,
    pub bytes: Vec<u8>,
    pub flags: BTreeSet<String>,
}

/// How the server is odd.
#[derive(Clone, Debug, Default)]
pub struct Oddities {
    /// It keeps no keywords.
    pub no_keywords: bool,
    /// It knows neither MOVE nor UIDPLUS, and LOGIN alone.
    pub old: bool,
    /// It closes the line when something is to be changed, so often.
    pub cuts: u32,
    /// It does not give this mail.
    pub withholds: Option<u32>,
    /// It takes no password.
    pub refuses: bool,
    /// What it says instead of a greeting, without end.
    pub drones: Option<&'static str>,
    /// It says this before each end of a command.
    pub chatters: Option<&'static str>,
}

#[derive(Default)]
struct Account {
    folders: BTreeMap<String, Vec<Held>>,
    next_uid: u32,
    oddities: Oddities,
    log: Vec<String>,
}

pub struct ImapServer {
    account: Arc<Mutex<Account>>,
    port: u16,
}

impl ImapServer {
    pub async fn open(oddities: Oddities) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folders = BTreeMap::from([("INBOX".to_owned(), Vec::new())]);
        let account = Arc::new(Mutex::new(Account { folders, next_uid: 1, oddities, log: Vec::new() }));
        let serving = account.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever goes away in the middle is their own business.
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Self { account, port }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn deliver(&self, mail: &str) -> u32 {
        let mut account = self.account.lock().unwrap();
        let uid = account.next_uid;
        account.next_uid += 1;
        let held = Held { uid, bytes: mail.replace('\n', "\r\n").into_bytes(), flags: BTreeSet::new() };
        account.folders.get_mut("INBOX").unwrap().push(held);
        uid
    }

    /// Somebody reads everything in a mail program.
    pub fn look_at_all(&self) {
        let mut account = self.account.lock().unwrap();
        for held in account.inbox_mut() {
            held.flags.insert("\\Seen".to_owned());
        }
    }

    pub fn be(&self, oddities: Oddities) {
        self.account.lock().unwrap().oddities = oddities;
    }

    /// The flags of the mails in a folder, in their order.
    pub fn flags(&self, folder: &str) -> Vec<String> {
        let account = self.account.lock().unwrap();
        let held = account.folders.get(folder).into_iter().flatten();
        held.map(|held| held.flags.iter().cloned().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The commands so far that begin like this.
    pub fn asked(&self, command: &str) -> usize {
        self.account.lock().unwrap().log.iter().filter(|said| said.starts_with(command)).count()
    }
}

async fn serve(stream: TcpStream, account: Arc<Mutex<Account>>) -> std::io::Result<()> {
    let mut line = BufReader::new(stream);
    let drones = account.lock().unwrap().oddities.drones;
    if let Some(words) = drones {
        loop {
            line.write_all(words.as_bytes()).await?;
        }
    }
    line.write_all(b"* OK ready\r\n").await?;
    let mut command = String::new();
    loop {
        command.clear();
        if line.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        let (tag, said) = command.trim_end().split_once(' ').unwrap();
        let is_proof_wanted = said == "AUTHENTICATE PLAIN";
        if is_proof_wanted {
            line.write_all(b"+ \r\n").await?;
            let mut proof = String::new();
            line.read_line(&mut proof).await?;
        }
        let answer = account.lock().unwrap().answer(tag, said);
        let Some(answer) = answer else {
            // Closed in the middle; what was asked is not done.
            line.get_mut().shutdown().await?;
            let mut rest = Vec::new();
            line.read_to_end(&mut rest).await?;
            return Ok(());
        };
        line.write_all(&answer).await?;
        if said == "LOGOUT" {
            return Ok(());
        }
    }
}

impl Account {
    /// What is said to a command; `None`: the line is closed.
    fn answer(&mut self, tag: &str, said: &str) -> Option<Vec<u8>> {
        self.log.push(said.to_owned());
        let mut out = Vec::new();
        let is_change = ["UID STORE", "UID MOVE", "UID COPY", "UID EXPUNGE"].iter().any(|verb| said.starts_with(verb));
        if is_change && self.oddities.cuts > 0 {
            self.oddities.cuts -= 1;
            return None;
        }
        let words: Vec<&str> = said.split(' ').collect();
        let end = match words.as_slice() {
            ["CAPABILITY"] => {
                let more = if self.oddities.old { "" } else { " AUTH=PLAIN MOVE UIDPLUS" };
                out.extend(format!("* CAPABILITY IMAP4rev1{more}\r\n").into_bytes());
                "OK"
            }
            ["AUTHENTICATE" | "LOGIN", ..] if self.oddities.refuses => "NO [AUTHENTICATIONFAILED]",
            ["SELECT", ..] => {
                let any = if self.oddities.no_keywords { "" } else { " \\*" };
                let count = self.inbox().len();
                out.extend(
                    format!(
                        "* {count} EXISTS\r\n* FLAGS (\\Seen \\Flagged \\Deleted)\r\n* OK [UIDVALIDITY 7] for good\r\n\
                         * OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted{any})] these\r\n"
                    )
                    .into_bytes(),
                );
                "OK [READ-WRITE]"
            }
            ["UID", "SEARCH", keys @ ..] => {
                let found: Vec<String> =
                    self.inbox().iter().filter(|held| matches(held, keys)).map(|held| held.uid.to_string()).collect();
                out.extend(format!("* SEARCH {}\r\n", found.join(" ")).into_bytes());
                "OK"
            }
            ["UID", "FETCH", uid, ..] if self.oddities.withholds == uid.parse().ok() => "NO it is damaged",
            ["UID", "FETCH", uid, rest @ ..] => {
                let octets: usize = rest.last()?.rsplit_once("<0.")?.1.trim_end_matches(['>', ')']).parse().unwrap();
                if let Some((at, held)) = self.inbox().iter().enumerate().find(|(_, held)| held.uid.to_string() == *uid) {
                    let bytes = &held.bytes[..octets.min(held.bytes.len())];
                    out.extend(format!("* {} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", at + 1, bytes.len()).into_bytes());
                    out.extend_from_slice(bytes);
                    out.extend(b")\r\n");
                }
                "OK"
            }
            ["UID", "STORE", uid, "+FLAGS.SILENT", flags @ ..] => {
                let kept: Vec<String> = flags.iter().map(|flag| flag.trim_matches(['(', ')']).to_owned()).collect();
                for held in self.inbox_mut().iter_mut().filter(|held| held.uid.to_string() == *uid) {
                    held.flags.extend(kept.iter().cloned());
                }
                "OK"
            }
            ["UID", "COPY" | "MOVE", uid, folder] => {
                let found = self.inbox().iter().find(|held| held.uid.to_string() == *uid).cloned();
                match self.folders.get_mut(folder.trim_matches('"')) {
                    Some(to) => to.extend(found),
                    None => return Some(format!("{tag} NO [TRYCREATE] no such folder\r\n").into_bytes()),
                }
                if words[1] == "MOVE" {
                    self.inbox_mut().retain(|held| held.uid.to_string() != *uid);
                }
                "OK"
            }
            ["UID", "EXPUNGE", uid] => {
                self.inbox_mut().retain(|held| held.uid.to_string() != *uid || !held.flags.contains("\\Deleted"));
                "OK"
            }
            ["CREATE", folder] => {
                self.folders.entry(folder.trim_matches('"').to_owned()).or_default();
                "OK"
            }
            ["AUTHENTICATE", "PLAIN"] | ["LOGIN", ..] | ["LOGOUT"] => "OK",
            _ => "BAD",
        };
        out.extend(self.oddities.chatters.unwrap_or_default().as_bytes());
        out.extend(format!("{tag} {end} said\r\n").into_bytes());
        Some(out)
    }

    fn inbox(&self) -> &Vec<Held> {
        &self.folders["INBOX"]
    }

    fn inbox_mut(&mut self) -> &mut Vec<Held> {
        self.folders.get_mut("INBOX").unwrap()
    }
}

/// Whether a mail is among those searched for.
fn matches(held: &Held, keys: &[&str]) -> bool {
    let has = |flag: &str| held.flags.contains(flag);
    let mut keys = keys.iter();
    while let Some(key) = keys.next() {
        let is_wanted = match *key {
            "UNDELETED" => !has("\\Deleted"),
            "UNSEEN" => !has("\\Seen"),
            "UNFLAGGED" => !has("\\Flagged"),
            "UNKEYWORD" => !has(keys.next().unwrap()),
            other => panic!("nobody searches for {other}"),
        };
        if !is_wanted {
            return false;
        }
    }
    true
}
