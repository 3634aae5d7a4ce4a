//! LINE WORKS API 1.0, retired by its provider. Facts: lineworks.md §7.
