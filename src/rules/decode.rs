//! Bytes to text: header, byte order mark, meta, strict UTF-8, then windows-1252 (WHATWG Encoding §4.2).
