//! Workers KV, behind [`hub::ports::Kv`].

use async_trait::async_trait;
use hub::ports::{Kv, KvError};
use worker::KvStore;

/// The platform refuses a shorter life than this, in seconds.
const SHORTEST: u64 = 60;

#[derive(Debug)]
pub(crate) struct WorkersKv(pub(crate) KvStore);

#[async_trait(?Send)]
impl Kv for WorkersKv {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        self.0.get(key).bytes().await.map_err(failed)
    }

    async fn put(&self, key: &str, value: &[u8], expires_in: Option<u64>) -> Result<(), KvError> {
        let mut put = self.0.put_bytes(key, value).map_err(failed)?;
        if let Some(seconds) = expires_in {
            put = put.expiration_ttl(seconds.max(SHORTEST));
        }
        put.execute().await.map_err(failed)
    }

    async fn delete(&self, key: &str) -> Result<(), KvError> {
        self.0.delete(key).await.map_err(failed)
    }
}

/// Says what went wrong with the store; the platform's texts hold neither key nor value.
fn failed(error: worker::KvError) -> KvError {
    KvError(worker::Error::from(error).to_string())
}
