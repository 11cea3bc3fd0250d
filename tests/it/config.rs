//! The configuration folder: what is read, what is refused, and where it is said to be wrong.

mod mailbox;

use boardwatch::config::{self, Config, Fault, SCHEMAS, Severity, Transport, schema};
use boardwatch::domain::source::{Baseline, Platform};
use boardwatch::edge::dkim::key::{Algorithm, Key};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A configuration folder of its own.
struct Folder {
    dir: tempfile::TempDir,
    env: BTreeMap<String, String>,
}

const SITE: &str = "[site]\ncontact = \"admin@example.org\"\n";
const TRAFFORD: &str = "council = \"Trafford Council\"\ntitle = \"Updates\"\nurl = \"https://www.example.org/updates\"\ntopics = [\"childrens-services\"]\n";

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { dir: tempfile::tempdir().expect("a folder"), env: BTreeMap::new() };
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("written");
        path
    }

    fn read(&self) -> Result<(Config, Vec<Fault>), Vec<Fault>> {
        config::read(self.dir.path(), &|name| self.env.get(name).cloned())
    }

    /// Each fault as it prints, without the folder's own name.
    fn faults(&self) -> Vec<String> {
        let faults = match self.read() {
            Ok((_, warnings)) => warnings,
            Err(faults) => faults,
        };
        let prefix = format!("{}/", self.dir.path().display());
        faults.iter().map(|fault| fault.to_string().replace(&prefix, "")).collect()
    }

    #[track_caller]
    fn config(&self) -> Config {
        let (config, warnings) = self.read().unwrap_or_else(|faults| panic!("{}", lines(&faults)));
        assert!(warnings.is_empty(), "{}", lines(&warnings));
        config
    }
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The faults of one main file.
#[track_caller]
fn check(main: &str, expect: &[&str]) {
    assert_eq!(Folder::new(&[("boardwatch.toml", main)]).faults(), expect, "{main}");
}

#[test]
fn a_main_file_alone_is_enough_and_takes_the_documented_defaults() {
    let folder = Folder::new(&[("boardwatch.toml", SITE)]);
    let config = folder.config();
    assert_eq!(config.site.timezone, chrono_tz::Europe::London);
    assert_eq!(config.data_dir, folder.dir.path().join("../var"));
    assert_eq!(config.poll.every, Duration::from_secs(3600));
    assert_eq!(config.poll.timeout, Duration::from_secs(60));
    assert_eq!(config.poll.body_bytes_max, 10_485_760);
    assert!(config.poll.respect_robots && !config.poll.allow_private_networks);
    assert_eq!(config.mail.transport, Transport::File);
    assert_eq!(config.mail.from.address.as_str(), "admin@example.org");
    assert_eq!(config.mail.per_minute_max, None);
    assert_eq!((config.mail.smtp.port, config.mail.smtp.connections, config.mail.dkim), (587, 4, None));
    assert_eq!(config.digest.weekly.0, chrono::Weekday::Sat);
    assert_eq!((config.feeds.items_min, config.feeds.keep), (50, Duration::from_secs(90 * 86_400)));
    assert!(config.sources.is_empty() && config.lists.is_empty());
}

#[test]
fn the_shipped_folder_is_without_fault_or_warning() {
    let (config, warnings) = config::read(Path::new("config"), &|_| None).unwrap_or_else(|faults| panic!("{}", lines(&faults)));
    assert!(warnings.is_empty(), "{}", lines(&warnings));
    let councils: Vec<&str> = config.sources.iter().map(|source| source.council.as_str()).collect();
    assert_eq!(councils, ["Bury Council", "Herefordshire Council", "Torbay Council", "Trafford Council"]);
    assert_eq!(config.mail.transport, Transport::File);
    assert!(config.sources.iter().all(|source| source.baseline == Baseline::Silent));
}

#[test]
fn the_schemas_are_those_of_the_types() {
    for (name, _) in SCHEMAS {
        let path = Path::new("schema").join(name);
        let current = format!("{:#}\n", schema(name).expect("a schema"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::write(&path, &current).expect("written");
        }
        let is_current = fs::read_to_string(&path).is_ok_and(|text| text == current);
        assert!(is_current, "{} is not current: run this test with UPDATE_SCHEMAS=1", path.display());
    }
}

#[test]
fn every_shipped_file_names_its_schema() {
    let mut files = vec![(PathBuf::from("config/boardwatch.toml"), "../schema/boardwatch.schema.json")];
    for (folder, schema) in [("sources", "source"), ("subscriptions", "subscriptions")] {
        let reference: &'static str =
            if schema == "source" { "../../schema/source.schema.json" } else { "../../schema/subscriptions.schema.json" };
        let entries = fs::read_dir(Path::new("config").join(folder)).expect("a folder");
        files.extend(entries.map(|entry| (entry.expect("an entry").path(), reference)));
    }
    for (file, reference) in files {
        let text = fs::read_to_string(&file).expect("read");
        assert_eq!(text.lines().next(), Some(format!("#:schema {reference}").as_str()), "{}", file.display());
        assert!(file.parent().expect("a folder").join(reference).is_file());
    }
}

#[test]
fn a_typo_a_wrong_type_an_unknown_source_and_a_bad_address_are_four_faults() {
    let folder = Folder::new(&[
        ("boardwatch.toml", "[site]\ncontact = \"admin@example.org\"\n[poll]\nevry = \"2h\"\n[mail.smtp]\nport = \"587\"\n"),
        ("sources/trafford-improvement.toml", TRAFFORD),
        (
            "subscriptions/office.toml",
            "note = \"agreed\"\n[[subscriber]]\naddress = \"scrutiny.example.org\"\nsources = [\n  \"trafford-improvment\",\n]\n",
        ),
    ]);
    assert_eq!(
        folder.faults(),
        [
            "boardwatch.toml:4:1: unknown key `evry` in `poll`\n    did you mean `every`?",
            "boardwatch.toml:6:8: `port` must be a whole number, not a string\n    write 587, without quotes",
            "subscriptions/office.toml:3:11: `scrutiny.example.org` is not an email address: an address needs an @",
            "subscriptions/office.toml:5:3: no source is called `trafford-improvment`\n    did you mean `trafford-improvement`?",
        ]
    );
}

#[test]
fn faults_of_shape_and_of_meaning_in_one_file_are_told_together() {
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        (
            "sources/bury.toml",
            "council = \"Bury Council\"\nurl = \"ftp://example.org/\"\ntopcis = []\nplatform = \"modern-gov\"\nevery = \"soon\"\nreread = -1\ntopics = [\"planning\", 3, \"?\"]\n[select]\nitem = \"li..news\"\n",
        ),
    ]);
    assert_eq!(
        folder.faults().iter().map(|fault| fault.lines().next().unwrap_or_default()).collect::<Vec<_>>(),
        [
            "sources/bury.toml:1:1: the key `title` is missing",
            "sources/bury.toml:2:7: `ftp://example.org/` is not a web address: it must begin with https:// or http://",
            "sources/bury.toml:3:1: unknown key `topcis`",
            "sources/bury.toml:4:12: `platform` cannot be `modern-gov`",
            "sources/bury.toml:5:9: `soon` is not a duration",
            "sources/bury.toml:6:10: -1 is too small or too large",
            "sources/bury.toml:7:23: an entry of `topics` must be a text in quotes, not an integer",
            "sources/bury.toml:7:26: `?` is not a topic",
            "sources/bury.toml:9:8: `li..news` is not a CSS selector",
        ]
    );
}

#[test]
fn a_line_that_is_not_toml_hides_no_other_fault() {
    check(
        "[site]\ncontact = \"admin@example.org\"\n[poll]\nevery = 2h\ntimeuot = \"60s\"\n[digest]\ndaily = \"25:00\"\n",
        &[
            "boardwatch.toml:4:9: not TOML: string values must be quoted, expected literal string",
            "boardwatch.toml:5:1: unknown key `timeuot` in `poll`\n    did you mean `timeout`?",
            "boardwatch.toml:7:9: `25:00` is not a time of day\n    hours and minutes, such as \"07:30\"",
        ],
    );
}

#[test]
fn columns_count_characters_and_lines_may_end_in_carriage_returns() {
    check(
        "\u{feff}[site]\r\ncontact = \"admin@example.org\"\r\nname = \"Rhŷl\"\r\nurls = { \"ŷŷ\" = 1 }\r\nlanguage = 'ŷ'\r\n",
        &[
            "boardwatch.toml:4:1: unknown key `urls` in `site`\n    did you mean `url`?",
            "boardwatch.toml:5:12: `ŷ` is not a language tag\n    such as \"en-GB\" or \"cy\"",
        ],
    );
    check(
        "site = { contact = \"a@example.org\", name = \"ŷŷŷ\", lang = \"en\" }\n",
        &[
            "boardwatch.toml:1:51: unknown key `lang` in `site`\n    known here: `data_dir`, `language`, `postal_address`, `timezone`, `url`",
        ],
    );
}

#[test]
fn what_cannot_be_read_is_said_once() {
    assert_eq!(
        Folder::new(&[]).faults(),
        [
            "boardwatch.toml:1:1: cannot be read: No such file or directory (os error 2)\n    --config DIR names the folder that holds boardwatch.toml"
        ]
    );
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("subscriptions/a.toml", "note = \"n\"\n[[subscriber]]\naddress = \"a@example.org\"\nsources = [\"bury\"]\n"),
    ]);
    folder.write("sources/bury.toml", b"council = \"Bury\"\ntitle = \"caf\xe9\"\n");
    assert_eq!(folder.faults(), ["sources/bury.toml:2:13: not UTF-8 from here on\n    save the file as UTF-8"]);
}

#[test]
fn a_faulty_source_file_still_answers_for_its_names() {
    let list = "note = \"n\"\n[[subscriber]]\naddress = \"a@example.org\"\nsources = [\"trafford\"]\ncouncils = [\"Trafford Council\"]\ntopics = [\"childrens-services\"]\n";
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("sources/trafford.toml", &format!("{TRAFFORD}evry = \"2h\"\n")),
        ("subscriptions/a.toml", list),
    ]);
    assert_eq!(folder.faults(), ["sources/trafford.toml:5:1: unknown key `evry`\n    did you mean `every`?"]);
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("sources/trafford.toml", "title = \"Updates\"\nurl = \"https://www.example.org/\"\n"),
        ("subscriptions/a.toml", list),
    ]);
    assert_eq!(
        folder.faults(),
        [
            "sources/trafford.toml:1:1: the key `council` is missing\n    The council's name as people write it: \"Trafford Council\".",
            "subscriptions/a.toml:6:11: no topic is called `childrens-services`",
        ]
    );
}

#[test]
fn a_topic_has_one_name_and_a_source() {
    let named = |topics: &str| {
        let folder = Folder::new(&[("boardwatch.toml", &format!("{SITE}{topics}")), ("sources/trafford.toml", TRAFFORD)]);
        folder.faults()
    };
    assert!(named("[[topic]]\nslug = \"childrens-services\"\nname = \"Children’s services\"\n").is_empty());
    assert_eq!(
        named("[[topic]]\nslug = \"?\"\nname = \" \"\n[[topic]]\nslug = \"send\"\n[[topic]]\nslug = \"Send\"\nname = \"SEND\"\n"),
        [
            "boardwatch.toml:4:8: `?` is not a topic\n    such as \"childrens-services\"",
            "boardwatch.toml:5:8: must not be empty",
            "boardwatch.toml:6:1: the key `name` is missing\n    Its name for people: \"SEND and inclusion\".",
            "boardwatch.toml:7:8: warning: no source has the topic `send`\n    known here: `childrens-services`",
            "boardwatch.toml:9:8: the topic `send` has a name already",
        ]
    );
    assert_eq!(
        named("[[topic]]\nslug = \"childrens-service\"\nname = \"Children\"\n"),
        ["boardwatch.toml:4:8: warning: no source has the topic `childrens-service`\n    did you mean `childrens-services`?"]
    );
}

#[test]
fn names_that_nothing_has_are_faults_with_the_nearest_name() {
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("sources/trafford.toml", TRAFFORD),
        (
            "subscriptions/a.toml",
            "note = \"n\"\n[[subscriber]]\naddress = \"a@example.org\"\nsources = [\"traford\", \"*\"]\ncouncils = [\"Traford Council\"]\ntopics = [\"Childrens services\", \"planning\"]\nkeywords = [\"anything\"]\n",
        ),
    ]);
    assert_eq!(
        folder.faults(),
        [
            "subscriptions/a.toml:4:12: no source is called `traford`\n    did you mean `trafford`?",
            "subscriptions/a.toml:5:13: no council is called `Traford Council`\n    did you mean `Trafford Council`?",
            "subscriptions/a.toml:6:33: no topic is called `planning`\n    known here: `childrens-services`",
        ]
    );
}

#[test]
fn one_person_twice_is_a_fault_in_one_file_and_a_warning_in_two() {
    let person = |address: &str| format!("[[subscriber]]\naddress = \"{address}\"\nsources = [\"*\"]\n");
    let list = |people: &[&str]| format!("note = \"n\"\n{}", people.iter().map(|address| person(address)).collect::<String>());
    let folder =
        Folder::new(&[("boardwatch.toml", SITE), ("subscriptions/a.toml", &list(&["ann@example.org", "Ann@Example.org"]))]);
    assert_eq!(
        folder.faults(),
        [
            "subscriptions/a.toml:6:11: `Ann@Example.org` is here twice\n    also in line 3; one entry may name any number of interests"
        ]
    );
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("subscriptions/a.toml", &list(&["ann@example.org"])),
        ("subscriptions/b.toml", &list(&["bob@example.org", "ann@example.org"])),
    ]);
    let (config, warnings) = folder.read().unwrap_or_else(|faults| panic!("{}", lines(&faults)));
    assert_eq!(config.lists.len(), 2);
    assert!(warnings.iter().all(|warning| warning.severity == Severity::Warning));
    let first = folder.dir.path().join("subscriptions/a.toml");
    assert_eq!(
        folder.faults(),
        [format!(
            "subscriptions/b.toml:6:11: warning: `ann@example.org` is in two files\n    also in {}:3:11; the interests of both are joined",
            "subscriptions/a.toml"
        )],
        "{}",
        first.display()
    );
}

#[test]
fn somebody_without_interests_is_a_fault_and_a_star_is_everything() {
    let list = |interests: &str| format!("note = \"n\"\n[[subscriber]]\naddress = \"ann@example.org\"\n{interests}\n");
    let faults = |interests: &str| Folder::new(&[("boardwatch.toml", SITE), ("subscriptions/a.toml", &list(interests))]).faults();
    for nothing in ["", "sources = []\nkeywords = []"] {
        assert_eq!(
            faults(nothing),
            [
                "subscriptions/a.toml:2:1: no interests: nothing would ever be sent\n    sources, councils, topics or keywords; sources = [\"*\"] for everything"
            ]
        );
    }
    for everything in ["sources = [\"*\"]", "councils = [\"*\"]", "topics = [\"*\"]", "keywords = [\"*\"]"] {
        let folder = Folder::new(&[("boardwatch.toml", SITE), ("subscriptions/a.toml", &list(everything))]);
        let config = folder.config();
        assert!(config.lists[0].subscribers[0].interests.everything, "{everything}");
    }
    assert_eq!(faults("keywords = [\" - \"]"), ["subscriptions/a.toml:4:13: an entry of `keywords` holds no word"]);
    assert_eq!(
        faults("sources = \"*\""),
        ["subscriptions/a.toml:4:11: `sources` must be a list, not a string\n    write [\"*\"]"]
    );
}

#[test]
fn a_source_file_is_read_whole_and_sorted_by_id() {
    let page = "council = \"Bury Council\"\ntitle = \"News\"\nurl = \"https://bury.example.org/news\"\nplatform = \"page\"\ntopics = [\"Children's services\", \"childrens-services\", \"children-s-services\"]\nevery = \"2h\"\nbaseline = \"mail\"\nreread = 3\nnew_max = 9\n[select]\nitem = \"ul.news > li\"\nremove = [\"nav\", \".share\"]\n";
    let folder = Folder::new(&[
        ("boardwatch.toml", &format!("{SITE}[poll]\nevery = \"3h\"\n")),
        ("sources/trafford.toml", TRAFFORD),
        ("sources/bury-news.toml", page),
        ("sources/.#bury-news.toml", "not TOML"),
        ("sources/bury-news.toml~", "not TOML"),
        ("sources/README.md", "not TOML"),
    ]);
    let config = folder.config();
    let [bury, trafford] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!((bury.id.as_str(), trafford.id.as_str()), ("bury-news", "trafford"));
    assert_eq!((bury.platform, bury.baseline, bury.reread, bury.new_max), (Platform::Page, Baseline::Mail, 3, 9));
    assert_eq!(bury.topics, ["children-s-services", "childrens-services"]);
    assert_eq!((bury.every, trafford.every), (Duration::from_secs(7200), Duration::from_secs(10_800)));
    assert_eq!((bury.select.item.as_str(), bury.select.link.as_str(), bury.select.remove.len()), ("ul.news > li", "a", 2));
    assert_eq!(
        (trafford.platform, trafford.baseline, trafford.reread, trafford.new_max),
        (Platform::Auto, Baseline::Silent, 10, 50)
    );
}

#[test]
fn a_file_name_that_makes_no_id_gets_a_better_one() {
    let folder = Folder::new(&[("boardwatch.toml", SITE), ("sources/Trafford Council.toml", TRAFFORD)]);
    assert_eq!(
        folder.faults(),
        [
            "sources/Trafford Council.toml:1:1: `Trafford Council` cannot be the id of a source: lower-case letters, digits, `-` and `_` can\n    call the file trafford-council.toml"
        ]
    );
}

#[test]
fn one_page_twice_and_two_spellings_of_a_council_are_warnings() {
    let folder = Folder::new(&[
        ("boardwatch.toml", SITE),
        ("sources/a.toml", TRAFFORD),
        ("sources/b.toml", &TRAFFORD.replace("Trafford Council", "Trafford council")),
    ]);
    assert!(folder.read().is_ok());
    assert_eq!(
        folder.faults(),
        [
            "sources/b.toml:1:11: warning: `Trafford council` is spelled `Trafford Council` elsewhere\n    in sources/a.toml:1:11; the two would share one feed",
            "sources/b.toml:3:7: warning: this page is watched twice\n    also in sources/a.toml:3:7",
        ]
    );
}

#[test]
fn values_out_of_bounds_and_names_that_do_not_exist_are_faults() {
    let site = |line: &str| format!("[site]\ncontact = \"admin@example.org\"\n{line}\n");
    check(
        &site("timezone = \"Europe/Londn\""),
        &["boardwatch.toml:3:12: `Europe/Londn` is not a time zone\n    did you mean `Europe/London`?"],
    );
    check(&site("data_dir = \"boardwatch.toml\""), &["boardwatch.toml:3:12: `boardwatch.toml` is not a folder"]);
    check(
        &site("url = \"https://example.org/?a=1\""),
        &["boardwatch.toml:3:7: `https://example.org/?a=1` cannot be the base of links\n    leave out what follows `?` or `#`"],
    );
    check(
        &site("[mail]\ntransport = \"smpt\""),
        &["boardwatch.toml:4:13: `transport` cannot be `smpt`\n    did you mean `smtp`?"],
    );
    check(
        &site("[web]\ntrusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"proxy.example.org\"]"),
        &[
            "boardwatch.toml:4:47: `proxy.example.org` is not an address or a network\n    such as \"127.0.0.1\" or \"10.0.0.0/8\"",
        ],
    );
    check(&site("[mail.smtp]\nport = 70000"), &["boardwatch.toml:4:8: 70000 is too small or too large\n    from 1 to 65535"]);
    check(
        &site("[mail]\nonly_to = [\"a@example.org\", \"b\"]"),
        &["boardwatch.toml:4:29: `b` is not an email address: an address needs an @"],
    );
    check(&site("[poll]\ntimeout = \"2h\""), &["boardwatch.toml:4:11: `2h` is too short or too long\n    from 1s to 10m"]);
    check(
        &site("[web]\nlisten = \"localhost\""),
        &["boardwatch.toml:4:10: `localhost` is not an address and a port\n    such as \"127.0.0.1:8080\" or \"[::]:8080\""],
    );
    check(
        &site("[digest]\nweekly = 730"),
        &["boardwatch.toml:4:10: `weekly` must be a text in quotes, not an integer\n    write \"730\""],
    );
    check(
        "poll = 1\n[site]\ncontact = \"admin@example.org\"\n",
        &["boardwatch.toml:1:8: `poll` must be a table, not an integer"],
    );
    check(
        "[site]\ncontact = \"a@example.org\"\ncontact = \"b@example.org\"\n",
        &["boardwatch.toml:3:1: not TOML: duplicate key"],
    );
}

#[test]
fn what_an_admin_should_know_is_a_warning() {
    check(
        "",
        &[
            "boardwatch.toml:1:1: warning: `site.contact` is not set\n    councils see this email address in every request, readers in every mail",
        ],
    );
    check(
        "[site]\ncontact = \"admin@example.org\"\nurl = \"http://boards.example.org\"\n[poll]\nevery = \"5s\"\nrespect_robots = false\n",
        &[
            "boardwatch.toml:3:7: warning: links that we send would not be encrypted\n    use https: one-click unsubscribing asks for it (RFC 8058)",
            "boardwatch.toml:5:9: warning: more than one visit a minute\n    councils publish a few times a week; \"1h\" is plenty",
            "boardwatch.toml:6:18: warning: robots.txt is not asked\n    councils that say no there mean it (RFC 9309)",
        ],
    );
    check(&format!("{SITE}[poll]\nevery = \"1s\"\nrespect_robots = false\nallow_private_networks = true\n"), &[]);
}

#[cfg(unix)]
#[test]
fn secrets_come_from_files_or_the_environment_and_are_never_printed() {
    use std::os::unix::fs::PermissionsExt;
    let main = |smtp: &str| format!("{SITE}[mail]\ntransport = \"smtp\"\n[mail.smtp]\n{smtp}\n");
    let read = |smtp: &str| {
        let mut folder = Folder::new(&[("boardwatch.toml", &main(smtp))]);
        let secret = folder.write("secret", b"open sesame\n");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("mode");
        folder.write("public", b"open sesame\n");
        fs::set_permissions(folder.dir.path().join("public"), fs::Permissions::from_mode(0o644)).expect("mode");
        folder.env.insert("SMTP_PASSWORD".into(), "from outside".into());
        folder
    };
    let by_file = read("username = \"me\"\npassword_file = \"secret\"").config();
    assert_eq!(by_file.mail.smtp.login.as_ref().map(|login| login.password.expose()), Some("open sesame"));
    assert!(!format!("{by_file:?}").contains("sesame"));
    let by_env = read("username = \"me\"\npassword_env = \"SMTP_PASSWORD\"").config();
    assert_eq!(by_env.mail.smtp.login.map(|login| login.password.expose().to_owned()), Some("from outside".to_owned()));

    let check = |smtp: &str, expect: &str| {
        let folder = read(smtp);
        let dir = format!("{}/", folder.dir.path().display());
        let faults: Vec<String> = folder.faults().iter().map(|fault| fault.replace(&dir, "")).collect();
        assert_eq!(faults, [expect], "{smtp}");
    };
    check(
        "username = \"me\"\npassword_file = \"public\"",
        "boardwatch.toml:7:17: warning: everybody on this machine can read `public`\n    chmod o= public",
    );
    check(
        "username = \"me\"\npassword_file = \"none\"",
        "boardwatch.toml:7:17: `none` cannot be read: No such file or directory (os error 2)",
    );
    check("username = \"me\"\npassword_env = \"NONE\"", "boardwatch.toml:7:16: the environment holds no `NONE`");
    check(
        "username = \"me\"",
        "boardwatch.toml:6:12: a `username` without a password\n    `password_file` names a file, `password_env` an environment variable",
    );
    check("password_env = \"SMTP_PASSWORD\"", "boardwatch.toml:6:16: a password without a `username`");
    check(
        "password = \"open sesame\"",
        "boardwatch.toml:6:1: unknown key `password` in `mail.smtp`\n    did you mean `password_env`?",
    );
}

#[test]
fn signing_takes_all_of_its_keys_or_none() {
    check(
        &format!("{SITE}[mail]\nfrom = \"updates@example.org\"\n[mail.dkim]\nselector = \"mail\"\n"),
        &[
            "boardwatch.toml:5:1: `domain` is empty\n    signing needs selector, domain and private_key_file",
            "boardwatch.toml:5:1: `private_key_file` is empty\n    signing needs selector, domain and private_key_file",
        ],
    );
    let folder = Folder::new(&[(
        "boardwatch.toml",
        &format!("{SITE}[mail.dkim]\nselector = \"mail\"\ndomain = \"example.org\"\nprivate_key_file = \"key\"\n"),
    )]);
    let key = folder.write("key", Key::generate(Algorithm::Ed25519).unwrap().as_bytes());
    private(&key);
    assert_eq!(folder.config().mail.dkim.map(|dkim| dkim.private_key_file), Some(key));
}

#[test]
fn nobody_signs_for_a_domain_that_is_everybody_s() {
    let key = Key::generate(Algorithm::Ed25519).unwrap();
    for (sender, domain) in
        [("updates@example.org", "org"), ("updates@trafford.gov.uk", "gov.uk"), ("updates@example.org", "a b.org")]
    {
        let text = format!(
            "{SITE}[mail]\nfrom = \"{sender}\"\n[mail.dkim]\nselector = \"mail\"\ndomain = \"{domain}\"\nprivate_key_file = \"key\"\n"
        );
        let folder = Folder::new(&[("boardwatch.toml", &text)]);
        private(&folder.write("key", key.as_bytes()));
        let faults = folder.faults();
        let expect = format!("boardwatch.toml:7:10: nobody can sign for `{domain}`");
        assert!(faults.len() == 1 && faults[0].starts_with(&expect), "{faults:?}");
    }
}

/// Of 1024 bits, made for this test.
const SHORT: &str = "-----BEGIN PRIVATE KEY-----\n\
MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBALjSJf2MoHdrjI5c\n\
WIa8EOKyFmPCOGkwcxMblIhhxOFVoViRkEiFrjUWYpbZeX/wHmtAy/UyMmv3Xbq3\n\
kxj1GG4P5nzS1OuasXTXwJL3eSBIYn38uN1srodK3K5HqFHGDUmZge0LaH71mzWD\n\
OTPtqsQcpUURVsK7BVSSSb5ME4TjAgMBAAECgYApICHx/HPMfvMEzomoWXrMZuJS\n\
imoxBeXlT5LKki7UEVDYu3NGn/B2wadod7XwgQbTyNRZmDTeD2oc3TJvMEKiAees\n\
fWTAQQMLYObD8y7+4Jc5Wvp9bWOGNrjbV1pe/Lrr9CxES1RJDh/A8vAZzxt1DQ8Z\n\
NGyZF53zfNCEpbSp0QJBAOw3GbLBG/4x50AodVcn+/iP8NTXI/4jO4CdmBBMDO44\n\
J3XBX3b5rZN/4UPxxQ6TdyxHJdenZaMUCkrZ0BE/EvsCQQDITQ51NqDMEPOjdWmo\n\
Dz2QDaQzl+rVNGzFXXAOtXVTzitxJZtwA6hH0C0bC5f2nBBZQRl1Td+XXwpL3GSU\n\
XvE5AkBEIsCu5zUD5bEmuITgVxA/aoW1XzlqnQ8U0mCCku1H6bq4JMc8slh3K3P2\n\
/U4yHidKBlvMEOUoXSd638k8sEzxAkBCW8T+cCq1cKhG7w8h7mqm3t4Xea0DFWsz\n\
t9D4DoXgTd12js8APTXzFLTc0Op3eRyxdS/J/RKmQ4ZVu55WyV2BAkBDvCIzLt0/\n\
Q0mUgoVubBq/sfAUsC820Fia/PHxU1iNYrbvLnd/vDTFkSSVWuXktAXJEv0Ya5UA\n\
A82WNAgmjSRL\n\
-----END PRIVATE KEY-----\n";

#[test]
fn a_key_that_cannot_sign_is_a_fault_where_it_is_named() {
    let text = format!("{SITE}[mail.dkim]\nselector = \"mail\"\ndomain = \"example.org\"\nprivate_key_file = \"key\"\n");
    let whole = Key::generate(Algorithm::Rsa).unwrap();
    let cut = &whole[..whole.len() / 2];
    let (head, rest) = whole.split_at(400);
    let damaged = format!("{head}AAAAAAAA{}", &rest[8..]);
    let cases = [
        (SHORT, "the RSA key has fewer than 2048 bits"),
        (cut, "it is damaged, cut short, or neither"),
        (&damaged, "it is damaged, cut short, or neither"),
        ("what is this", "not a private key in PEM form"),
    ];
    for (key, why) in cases {
        let folder = Folder::new(&[("boardwatch.toml", &text)]);
        private(&folder.write("key", key.as_bytes()));
        let faults = folder.faults();
        assert!(faults.len() == 1 && faults[0].starts_with("boardwatch.toml:6:20: ") && faults[0].contains(why), "{faults:?}");
    }
}

fn private(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("mode");
    }
    #[cfg(not(unix))]
    let _ = file;
}

#[test]
fn a_source_cannot_be_called_what_a_feed_file_is_called() {
    for name in ["all", "opml", "meetings"] {
        let file = format!("sources/{name}.toml");
        let faults = Folder::new(&[("boardwatch.toml", SITE), (&file, TRAFFORD)]).faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with(&format!("{file}:1:1: `{name}` cannot be the id of a source")), "{faults:?}");
    }
}
