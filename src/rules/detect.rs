//! What a poll means: new, revised and withdrawn items, or a batch that looks wrong and is held.
