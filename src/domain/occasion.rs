//! Why somebody gets a letter of their own: not news, but an answer to something that they, or an admin, did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a letter to one person is about. What it says beyond that is looked up when it leaves, so that it is true then;
/// times that links in it depend on stand here, so that a repeat is the same letter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Occasion {
    /// Somebody asked for updates to this address: did they?
    Confirm {
        /// Until when they can say yes: names the request.
        until: DateTime<Utc>,
    },
    /// Somebody asked for updates to an address that has just these: here is how to change them.
    Known,
    /// Somebody asked for more to an address that has updates: is it to be added?
    Add {
        /// Until when they can say yes: names the request.
        until: DateTime<Utc>,
    },
    /// Somebody asked for the link to their own page.
    Manage,
    /// They said yes: this is what they will get.
    Welcome,
    /// They asked to be told that it has ended, or an admin ended it.
    Goodbye,
    /// A link ended it that was mailed to an address from which it had moved.
    EndedByLink {
        /// The [number](super::subscriber::SubscriberId::number) of that address's identity.
        #[serde(with = "digits")]
        mailed_to: u128,
    },
    /// Pages that they follow cannot be read, for so long that they should know.
    CannotRead {
        /// When the first of them was last read: names the outage.
        since: DateTime<Utc>,
    },
    /// They want word once a month that the watch goes on, and there was no news.
    StillWatching {
        /// When the month began: names it.
        since: DateTime<Utc>,
    },
    /// Their mail goes to another address from now on: word to the one before, which can take it back for some days.
    Moved,
    /// A move to this address was taken back from the one before: word to this one.
    MovedBack,
}

impl Occasion {
    /// Whether nobody else tells its reader what it says, so that it is worth sending when it comes days late. What asks
    /// something, or answers who asked, is asked anew; and who has left is not written to once more.
    #[must_use]
    pub fn keeps(self) -> bool {
        match self {
            Self::Welcome | Self::CannotRead { .. } | Self::StillWatching { .. } => true,
            Self::Confirm { .. }
            | Self::Known
            | Self::Add { .. }
            | Self::Manage
            | Self::Goodbye
            | Self::EndedByLink { .. }
            | Self::Moved
            | Self::MovedBack => false,
        }
    }

    /// Whether it is worth sending when it comes late to whom nothing could be sent: also a question, as long as it can be
    /// answered, and that there is nothing to ask, which nobody else tells who has asked.
    #[must_use]
    pub fn keeps_at(self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Confirm { until } | Self::Add { until } => now <= until,
            Self::Known => true,
            Self::Welcome
            | Self::CannotRead { .. }
            | Self::StillWatching { .. }
            | Self::Manage
            | Self::Goodbye
            | Self::EndedByLink { .. }
            | Self::Moved
            | Self::MovedBack => self.keeps(),
        }
    }

    /// The word used in identities and `Feedback-ID`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm { .. } => "confirm",
            Self::Known => "known",
            Self::Add { .. } => "add",
            Self::Manage => "manage",
            Self::Welcome => "welcome",
            Self::Goodbye | Self::EndedByLink { .. } => "goodbye",
            Self::CannotRead { .. } => "cannot-read",
            Self::StillWatching { .. } => "still-watching",
            Self::Moved => "moved",
            Self::MovedBack => "moved-back",
        }
    }
}

/// The number of an identity as its digits: formats that tell one record from another by a name in it hold no numbers so long.
mod digits {
    use super::super::subscriber::SubscriberId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u128, to: S) -> Result<S::Ok, S::Error> {
        SubscriberId::from_number(*number).serialize(to)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<u128, D::Error> {
        Ok(SubscriberId::deserialize(from)?.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_mailed_is_written_as_an_identity() {
        let ended = Occasion::EndedByLink { mailed_to: u128::MAX - 5 };
        let json = serde_json::to_string(&ended).unwrap();
        assert_eq!(json, "{\"why\":\"ended-by-link\",\"mailed_to\":\"fffffffffffffffffffffffffffffffa\"}");
        assert_eq!(serde_json::from_str::<Occasion>(&json).unwrap(), ended);
    }
}
