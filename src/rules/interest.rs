//! Whether an item is among somebody's interests.
