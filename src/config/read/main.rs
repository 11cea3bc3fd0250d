//! What `boardwatch.toml` means.

use super::super::document::{Document, Problem};
use super::super::files::{BoardwatchFile, PollFile, SiteFile};
use super::super::values::{self, DAY, MINUTE, SECOND};
use super::super::{Config, DigestTimes, FeedSettings, PollSettings, SignupSettings, StoreSettings, WebSettings};
use super::{Env, mail, shaped, topics};
use crate::domain::site::Site;
use crate::domain::source::Source;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Time between polls where nothing says otherwise.
pub(super) const EVERY: Duration = Source::EVERY;

/// The longest time that anything is kept.
const KEEP_MAX: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);

/// Everything but sources and lists, with the topics that are given a name, as they are spelled; `None` where something is wrong.
pub(super) fn read(mut document: Document, dir: &Path, env: Env<'_>) -> (Document, Vec<String>, Option<Config>) {
    let file: Option<BoardwatchFile> = shaped(&mut document);
    let named_topics = file.iter().flat_map(|file| &file.topic).map(|topic| topic.slug.clone()).collect();
    let settings = file.and_then(|file| config(&mut document, &file, dir, env));
    (document, named_topics, settings)
}

fn config(document: &mut Document, file: &BoardwatchFile, dir: &Path, env: Env<'_>) -> Option<Config> {
    let data_dir = data_dir(document, &file.site.data_dir, dir);
    let topics = topics::read(document, &file.topic);
    let site = site(document, &file.site, topics);
    let keep = values::duration(&file.store.snapshots_keep, &(Duration::ZERO..=KEEP_MAX));
    let snapshots_keep = document.take("store.snapshots_keep", keep);
    let poll = poll(document, &file.poll);
    let mail = mail::read(document, &file.mail, &file.site, dir, env);
    let daily = document.take("digest.daily", values::time(&file.digest.daily));
    let weekly = document.take("digest.weekly", values::weekday_time(&file.digest.weekly));
    let listen = document.take("web.listen", values::listen(&file.web.listen));
    let proxies: Vec<_> = (0..)
        .zip(&file.web.trusted_proxies)
        .map(|(n, raw)| document.take(&format!("web.trusted_proxies.{n}"), values::network(raw)))
        .collect();
    let trusted_proxies: Option<Vec<_>> = proxies.into_iter().collect();
    let keep = document.take("feeds.keep", values::duration(&file.feeds.keep, &(Duration::ZERO..=KEEP_MAX)));
    Some(Config {
        site: site?,
        data_dir: data_dir?,
        store: StoreSettings { engine: file.store.engine, snapshots_keep: snapshots_keep? },
        poll: poll?,
        mail: mail?,
        digest: DigestTimes { daily: daily?, weekly: weekly? },
        web: WebSettings { listen: listen?, trusted_proxies: trusted_proxies? },
        signup: SignupSettings {
            per_address_day: file.signup.per_address_day,
            per_network_hour: file.signup.per_network_hour,
            per_range_hour: file.signup.per_range_hour,
            per_domain_hour: file.signup.per_domain_hour,
            per_hour: file.signup.per_hour,
        },
        feeds: FeedSettings { items_min: file.feeds.items_min, keep: keep? },
        sources: Vec::new(),
        lists: Vec::new(),
    })
}

fn site(document: &mut Document, file: &SiteFile, topics: Option<BTreeMap<String, String>>) -> Option<Site> {
    let name = document.take("site.name", values::line(&file.name));
    let url = document.take("site.url", base_url(&file.url));
    let contact = document.take("site.contact", values::address(&file.contact));
    if !document.holds("site.contact") {
        let problem = Problem::new("`site.contact` is not set");
        document.warn("site.contact", problem.hint("councils see this email address in every request, readers in every mail"));
    }
    if url.as_ref().is_some_and(|url| url.scheme() == "http" && !url.host().as_ref().is_some_and(is_loopback)) {
        let problem = Problem::new("links that we send would not be encrypted");
        document.warn("site.url", problem.hint("use https: one-click unsubscribing asks for it (RFC 8058)"));
    }
    let timezone = document.take("site.timezone", values::zone(&file.timezone));
    let language = document.take("site.language", values::language(&file.language));
    let postal_address = Some(file.postal_address.trim()).filter(|address| !address.is_empty()).map(str::to_owned);
    Some(Site {
        name: name?,
        url: url?,
        contact: contact?.as_str().to_owned(),
        postal_address,
        timezone: timezone?,
        language: language?,
        topics: topics?,
    })
}

/// A base that paths can be appended to.
fn base_url(raw: &str) -> Result<url::Url, Problem> {
    let url = values::url(raw)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Problem::new(format!("`{raw}` cannot be the base of links")).hint("leave out what follows `?` or `#`"));
    }
    Ok(url)
}

/// Whether the host can only be this machine.
pub(super) fn is_loopback<S: AsRef<str>>(host: &url::Host<S>) -> bool {
    match host {
        url::Host::Domain(name) => name.as_ref() == "localhost" || name.as_ref().ends_with(".localhost"),
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    }
}

fn data_dir(document: &mut Document, raw: &str, dir: &Path) -> Option<PathBuf> {
    let path = dir.join(raw);
    let checked = if raw.trim().is_empty() {
        Err(Problem::new("`data_dir` must name a folder").hint("it is made where there is none"))
    } else if path.exists() && !path.is_dir() {
        Err(Problem::new(format!("`{raw}` is not a folder")))
    } else {
        Ok(path)
    };
    document.take("site.data_dir", checked)
}

fn poll(document: &mut Document, file: &PollFile) -> Option<PollSettings> {
    let every = every(document, "poll.every", &file.every, !file.allow_private_networks);
    let timeout = document.take("poll.timeout", values::duration(&file.timeout, &(SECOND..=MINUTE * 10)));
    let delay = document.take("poll.per_host_delay", values::duration(&file.per_host_delay, &(Duration::ZERO..=MINUTE * 10)));
    if !file.respect_robots && !file.allow_private_networks {
        let problem = Problem::new("robots.txt is not asked");
        document.warn("poll.respect_robots", problem.hint("councils that say no there mean it (RFC 9309)"));
    }
    Some(PollSettings {
        every: every?,
        timeout: timeout?,
        body_bytes_max: file.body_bytes_max,
        per_host_delay: delay?,
        respect_robots: file.respect_robots,
        allow_private_networks: file.allow_private_networks,
    })
}

/// The time between polls at `path`; less than a minute is remarked upon where `polite`, since it is a council's server.
pub(super) fn every(document: &mut Document, path: &str, raw: &str, polite: bool) -> Option<Duration> {
    let every = document.take(path, values::duration(raw, &(SECOND..=DAY * 366)))?;
    if polite && every < MINUTE {
        let problem = Problem::new("more than one visit a minute");
        document.warn(path, problem.hint("councils publish a few times a week; \"1h\" is plenty"));
    }
    Some(every)
}
