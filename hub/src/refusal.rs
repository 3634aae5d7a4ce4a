//! How a use case says no.

use shared::error::{Code, Error};

use crate::{
    ports::{IoError, KvError, SqlError},
    vault::VaultError,
};

/// Why a use case did nothing. Only [`Refusal::Because`] is told to the caller; the rest is logged once and
/// answered `internal` or `busy`.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("refused")]
    Because(Vec<Error>),
    #[error(transparent)]
    Store(#[from] SqlError),
    #[error(transparent)]
    Kv(#[from] KvError),
    #[error(transparent)]
    Io(#[from] IoError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A row or a stored form could not be read: a fault of ours. serde's own sentence would quote the value.
    #[error("stored form, line {} column {}", .0.line(), .0.column())]
    Form(#[from] serde_json::Error),
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Because(vec![Error::new(code)])
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Because(vec![error])
    }
}

impl Refusal {
    /// `Ok` when there is nothing wrong.
    pub fn unless_empty(problems: Vec<Error>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::Because(problems)) }
    }

    /// What the caller is told.
    #[must_use]
    pub fn told(&self) -> Vec<Error> {
        match self {
            Self::Because(errors) => errors.clone(),
            Self::Io(_) => vec![Error::new(Code::ProviderDown)],
            Self::Store(_) | Self::Kv(_) | Self::Vault(_) | Self::Form(_) => vec![Error::new(Code::Internal)],
        }
    }
}
