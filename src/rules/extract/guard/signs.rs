//! The phrases by which firewalls and error pages are known, as data.
//!
//! All in lower case with plain apostrophes. Sources: bot interstitials seen under status 200 at Barnet ("Pardon Our
//! Interruption"), North Lincolnshire ("Bot Verification") and the Senedd ("Azure WAF"), and the stock pages of
//! Cloudflare, Imperva, Akamai, F5, AWS, `DataDome`, Sucuri, IIS, ASP.NET, `SharePoint`, nginx and Apache.

use super::visible::straightened;

/// Titles that only challenges have; what follows them does not matter.
const CHALLENGE_TITLES: &[&str] = &[
    "just a moment",
    "attention required",
    "pardon our interruption",
    "azure waf",
    "bot verification",
    "human verification",
    "verify you are human",
    "verifying you are human",
    "checking your browser",
    "ddos-guard",
    "sucuri website firewall",
    "request unsuccessful",
    "are you a robot",
    "you have been blocked",
    "sorry, you have been blocked",
];

/// Titles that are a firewall's where they are the whole title.
const REFUSAL_TITLES: &[&str] = &[
    "access denied",
    "access to this page has been denied",
    "access to this site has been denied",
    "request rejected",
    "request blocked",
    "the request is blocked",
    "forbidden",
    "403",
    "403 forbidden",
    "403 - forbidden: access is denied.",
    "403 - forbidden",
    "error 403",
    "403 error",
    "security check",
    "one moment, please",
    "captcha",
    "robot check",
    "bot check",
    "blocked",
];

/// Sentences that firewalls write and councils do not.
const CHALLENGE_PHRASES: &[&str] = &[
    "incapsula incident id",
    "request unsuccessful. incapsula",
    "enable javascript and cookies to continue",
    "you don't have permission to access",
    "you do not have permission to view this directory or page",
    "the requested url was rejected",
    "checking your browser before accessing",
    "checking if the site connection is secure",
    "verify you are human by completing",
    "verifying you are human",
    "please verify you are a human",
    "sorry, you have been blocked",
    "why have i been blocked",
    "please complete the security check to access",
    "as you were browsing something about your browser made us think you were a bot",
    "made us think you were a bot",
    "please enable js and disable any ad blocker",
    "your request has been blocked",
    "this request was blocked by the security rules",
    "the request is blocked",
    "our systems have detected unusual traffic",
    "access denied - sucuri website firewall",
    "let's confirm you are human",
    "complete the captcha",
    "solve the captcha",
    "solve this captcha",
];

/// Ways a line of a nearly empty page opens where the page is a refusal.
const CHALLENGE_LINES: &[&str] = &[
    "access denied",
    "access is denied",
    "request unsuccessful",
    "forbidden",
    "captcha",
    "azure waf",
    "bot verification",
    "bad bot",
];

/// What a challenge's own markup holds. Genuine pages load some of it too, so it counts only on a nearly empty page.
const CHALLENGE_MARKUP: &[&str] = &[
    "_incapsula_resource",
    "_cf_chl_opt",
    "cf-chl-",
    "challenge-form",
    "cf-mitigated",
    "awswafcookiedomainlist",
    "gokuprops",
    "captcha-delivery.com",
    "px-captcha",
    "perfdrive.com",
    "/_sec/cp_challenge",
    "sec-if-cpt-container",
    "distil_r_captcha",
    "slowaes.decrypt",
    "ddos-guard",
];

/// Names of error pages where they are the whole name.
const ERROR_TITLES: &[&str] = &[
    "error",
    "an error has occurred",
    "an error occurred",
    "application error",
    "bad gateway",
    "bad request",
    "bad request - invalid url",
    "file not found",
    "gateway timeout",
    "gateway time-out",
    "internal server error",
    "not found",
    "object moved",
    "object moved to here",
    "oops! something went wrong",
    "page cannot be found",
    "page could not be found",
    "page does not exist",
    "page has moved",
    "page no longer exists",
    "page not available",
    "page not found",
    "page unavailable",
    "oops! we can't find that page",
    "we could not find that page",
    "we couldn't find that page",
    "runtime error",
    "server error",
    "service temporarily unavailable",
    "service unavailable",
    "site maintenance",
    "site under maintenance",
    "something has gone wrong",
    "something went wrong",
    "sorry, page not found",
    "sorry, something went wrong",
    "sorry, something has gone wrong",
    "sorry, there is a problem with the service",
    "sorry, there is a problem with this service",
    "sorry, we can't find that page",
    "sorry, we couldn't find that page",
    "sorry, we could not find that page",
    "temporarily unavailable",
    "the page cannot be found",
    "the page you are looking for cannot be found",
    "the page you requested cannot be found",
    "the resource cannot be found.",
    "the website is temporarily unavailable",
    "there has been a critical error on this website.",
    "this page can't be found",
    "this page cannot be found",
    "this page isn't available",
    "this page isn't working",
    "under maintenance",
    "unexpected error",
    "we can't find that page",
    "we can't find the page you're looking for",
    "we will be back soon",
    "we'll be back soon",
    "we're sorry, something went wrong",
    "website maintenance",
];

/// Openings of error pages' names; a number or a path follows.
const ERROR_OPENINGS: &[&str] = &[
    "server error in '/",
    "http error ",
    "http status ",
    "http/1.1 ",
    "http/2 ",
    "error 404",
    "error 410",
    "error 500",
    "error 502",
    "error 503",
    "error 504",
    "404 error",
    "500 error",
    "404 not found",
    "404 page not found",
    "410 gone",
    "500 internal",
    "500 - internal",
    "404 - file",
    "502 bad",
    "503 service",
    "504 gateway",
];

/// Words of error pages that a site may put at the foot of any page: they tell where there is no room for an article.
const BARE_ERROR_PHRASES: &[&str] = &["correlation id:"];

/// Sentences of error pages.
const ERROR_PHRASES: &[&str] = &[
    "server error in '/",
    "an unhandled exception occurred during the execution",
    "an application error occurred on the server",
    "error establishing a database connection",
    "the server encountered an internal error",
    "the server is temporarily unable to service your request",
    "the requested url was not found on this server",
    "the resource you are looking for has been removed, had its name changed",
    "the website encountered an unexpected error",
    "there has been a critical error on this website",
    "we are currently carrying out essential maintenance",
    "this site is currently down for maintenance",
    "the service is unavailable.",
    "this domain is for sale",
    "this domain may be for sale",
    "buy this domain",
    "this domain is parked",
    "this domain name has expired",
    "domain has been registered",
];

/// Titles of pages where one has to say who one is.
const SIGN_IN_TITLES: &[&str] =
    &["sign in", "log in", "login", "log on", "logon", "sign in to your account", "please sign in", "please log in", "sign on"];

/// Beginnings of names of forms that ask for consent before they let anybody on.
const CONSENT_OPENINGS: &[&str] = &[
    "before you continue",
    "before you go on",
    "before you proceed",
    "before we continue",
    "we value your privacy",
    "we care about your privacy",
    "your privacy",
    "your cookie choices",
    "cookie consent",
    "cookie choices",
    "cookie preferences",
    "cookie settings",
    "manage cookies",
    "manage your cookies",
    "choose your cookies",
    "we use cookies",
    "this website uses cookies",
    "this site uses cookies",
];

/// What a site says of itself while it is away: "Sorry, our website is currently unavailable".
const AWAY_SUBJECTS: &[&str] = &[
    "website",
    "site",
    "service",
    "our website is",
    "our site is",
    "the website is",
    "the site is",
    "this website is",
    "this site is",
    "this service is",
    "the service is",
    "this page is",
    "we are",
    "we're",
    "website is",
    "site is",
];
const AWAY_STATES: &[&str] = &[
    "unavailable",
    "not available",
    "offline",
    "down",
    "down for maintenance",
    "closed for maintenance",
    "under maintenance",
    "undergoing maintenance",
    "undergoing essential maintenance",
    "carrying out maintenance",
    "carrying out essential maintenance",
    "in maintenance mode",
];

pub(super) fn names_challenge(lead: &str) -> bool {
    let lead = straightened(lead);
    CHALLENGE_TITLES.iter().any(|title| lead.starts_with(title)) || parts(&lead).any(|part| REFUSAL_TITLES.contains(&part))
}

pub(super) fn names_error(lead: &str) -> bool {
    let lead = straightened(lead);
    let number = |part: &str| matches!(part, "404" | "410" | "500" | "502" | "503" | "504");
    ERROR_OPENINGS.iter().any(|opening| lead.starts_with(opening))
        || parts(&lead).any(|part| number(part) || ERROR_TITLES.contains(&part) || says_away(part))
}

pub(super) fn asks_consent(lead: &str) -> bool {
    let lead = straightened(lead);
    CONSENT_OPENINGS.iter().any(|opening| lead.starts_with(opening))
}

pub(super) fn asks_who(lead: &str) -> bool {
    let lead = straightened(lead);
    parts(&lead).any(|part| SIGN_IN_TITLES.contains(&part))
}

fn says_away(part: &str) -> bool {
    let part = part.strip_prefix("sorry").unwrap_or(part).trim_start_matches([',', ' ', '.', '!']);
    let states = AWAY_SUBJECTS.iter().filter_map(|subject| part.strip_prefix(subject)?.strip_prefix(' '));
    let bare = |state: &str| {
        let state = ["currently ", "temporarily ", "now "].iter().find_map(|word| state.strip_prefix(word)).unwrap_or(state);
        AWAY_STATES.contains(&state)
    };
    states.into_iter().any(bare)
}

/// A name, and its first part before the site's: "Page not found | Anytown Council", "404 - Page not found".
fn parts(lead: &str) -> impl Iterator<Item = &str> {
    let first = [" | ", " - ", " – ", " — ", " :: "]
        .iter()
        .filter_map(|by| lead.split_once(by))
        .map(|(first, _)| first)
        .min_by_key(|f| f.len());
    std::iter::once(lead).chain(first).flat_map(|part| [part.trim(), part.trim().trim_end_matches(['.', '!', '…', ' '])])
}

pub(super) fn said_by_firewalls(lowered: &str) -> Option<&'static str> {
    CHALLENGE_PHRASES.iter().copied().find(|phrase| lowered.contains(phrase))
}

pub(super) fn said_by_error_pages(lowered: &str, is_bare: bool) -> Option<&'static str> {
    let bare = BARE_ERROR_PHRASES.iter().filter(|_| is_bare);
    ERROR_PHRASES.iter().chain(bare).copied().find(|phrase| lowered.contains(phrase))
}

pub(super) fn opens_like_a_challenge(line: &str) -> Option<&'static str> {
    CHALLENGE_LINES.iter().copied().find(|opening| line.starts_with(opening))
}

pub(super) fn in_markup(markup: &str) -> Option<&'static str> {
    let lowered = markup.to_ascii_lowercase();
    CHALLENGE_MARKUP.iter().copied().find(|sign| lowered.contains(sign))
}

/// Where a page sends the browser by script or `meta refresh`: the target as written, or "another address".
pub(super) fn redirects(markup: &str) -> Option<String> {
    const FORMS: &[&str] = &[
        "location.href",
        "location.replace",
        "location.assign",
        "location.reload",
        "location.protocol",
        "window.location",
        "document.location",
        "top.location",
        "http-equiv=\"refresh\"",
        "http-equiv='refresh'",
        "http-equiv=refresh",
    ];
    let lowered = markup.to_ascii_lowercase();
    let at = FORMS.iter().filter_map(|form| lowered.find(form)).min()?;
    let after = markup.get(at..)?;
    let target = after.find("http://").or_else(|| after.find("https://")).and_then(|start| after.get(start..)).map(|target| {
        let end = target.find(['"', '\'', ' ', '<', '>', ';', ')']).unwrap_or(target.len());
        target.chars().take(end.min(200)).collect::<String>()
    });
    Some(target.filter(|t| t.len() > "https://".len()).unwrap_or_else(|| "another address".to_owned()))
}
