//! Residents sign up, confirm, choose, leave and are forgotten: through the store, real SMTP and the web pages.

mod letters;
