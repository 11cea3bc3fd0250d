//! What a site tells all of its visitors, on whatever page they are: the weather, bins, how to pay and to reach the council.

/// Whether words, as they are compared, speak of that.
pub(in crate::rules::extract) fn speaks_of_services(words: &str) -> bool {
    const WORDS: &[&str] = &[
        "bin",
        "bins",
        "browser",
        "flood",
        "flooding",
        "floods",
        "frost",
        "gritting",
        "ice",
        "icy",
        "javascript",
        "roadworks",
        "snow",
        "storm",
        "storms",
        "weather",
    ];
    const PHRASES: &[&str] = &[
        "contact centre is",
        "council offices",
        "offices are closed",
        "offices will be closed",
        "online forms",
        "online payments",
        "our offices are",
        "our offices will",
        "our phones",
        "our website",
        "payment system",
        "phone lines",
        "recycling collections",
        "telephone lines",
        "the website",
        "this site is",
        "this website",
        "waste collections",
    ];
    words.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
        || PHRASES.iter().any(|phrase| words.contains(phrase))
}
