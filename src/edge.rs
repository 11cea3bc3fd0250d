//! The world: HTTP, SMTP, files, the clock. Only here do reqwest and lettre's transports appear.
