//! Facts from a body's words: dates, meetings, decisions, documents.
