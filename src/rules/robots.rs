//! robots.txt as RFC 9309 has it: which rule speaks for us, and what it says of a path.
