//! Google Chat: each member's own webhook, and the Chat app. Facts: google_chat.md.
