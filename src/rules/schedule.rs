//! When things are due: polls, retries and digest windows, in the site's zone.
