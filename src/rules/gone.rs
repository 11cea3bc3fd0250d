//! Of how many people mail that came back may say, within a day, that nothing reaches them, before none of it is believed.
//!
//! Addresses die one by one: of a list in use a few in a thousand a month, of one that nobody has mailed for a year a few in a
//! hundred. A relay that has lost its table of users or its name server gives back everything, and within minutes. So a share
//! that no list loses in a day is held back until somebody has looked; in a small number of mails one is a large share, so
//! some are always believed.

/// People of whom it is believed whatever their share, where not most are told of in the same words.
const PEOPLE_MIN: u64 = 10;
/// Of so few it is believed even where that is more than half of those who were mailed.
const FEW: u64 = 4;
/// Of a hundred who were mailed: of more it is not believed…
const SHARE_MAX: u64 = 5;
/// …nor of more than these where the same words are said of all of them.
const ALIKE_MAX: u64 = 2;

/// Whether `gone` people, of `alike` of whom the same is said, are more than addresses that die explain, where `mailed` were
/// mailed lately.
#[must_use]
pub fn is_beyond(gone: u64, alike: u64, mailed: u64) -> bool {
    let most = |share: u64| PEOPLE_MIN.max(mailed.saturating_mul(share) / 100);
    // A short list has lost its relay, and not most of its readers for one reason.
    let is_most = alike > FEW && alike > mailed / 2 && mailed > 0;
    gone > most(SHARE_MAX) || alike > most(ALIKE_MAX) || is_most
}

/// Whether what is said of `alike` of the `gone` people is what their trouble says, so that who was suppressed for the same shortly
/// before is part of it.
#[must_use]
pub fn is_of_it(alike: u64, gone: u64) -> bool {
    alike > FEW || alike > gone / 2
}

/// Whether so many can be more than that at all, however many were mailed.
#[must_use]
pub fn may_be_beyond(gone: u64) -> bool {
    gone > FEW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_no_list_loses_in_a_day_is_not_believed_once_there_are_some() {
        let check = |gone, alike, mailed, expect| assert_eq!(is_beyond(gone, alike, mailed), expect, "{gone} {alike} {mailed}");
        check(10, 10, 0, false);
        check(10, 10, 12, true);
        check(10, 6, 12, false);
        check(5, 5, 9, true);
        check(5, 5, 10, false);
        check(4, 4, 4, false);
        check(11, 1, 12, true);
        check(50, 20, 1_000, false);
        check(51, 1, 1_000, true);
        check(21, 21, 1_000, true);
        check(5_000, 2_000, 100_000, false);
        check(2_001, 2_001, 100_000, true);
        check(u64::MAX, 0, u64::MAX, true);
        assert!(!may_be_beyond(4) && may_be_beyond(5));
    }
}
