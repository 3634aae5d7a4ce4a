//! One message, as each provider wants it. Pure and within every limit.

pub mod lineworks;
pub mod mail;
