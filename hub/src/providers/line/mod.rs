//! LINE: Messaging API and LINE Login v2.1. Facts: line.md.
