//! The web side: feeds, and the pages behind the links that we send.
