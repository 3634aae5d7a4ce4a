//! The object's one alarm, behind [`hub::ports::Alarm`].

use async_trait::async_trait;
use hub::ports::{Alarm, SqlError};
use shared::time::Millis;
use wasm_bindgen::JsValue;
use worker::{ScheduledTime, Storage, js_sys::Date};

#[derive(Debug)]
pub(crate) struct ObjectAlarm(pub(crate) Storage);

#[async_trait(?Send)]
impl Alarm for ObjectAlarm {
    async fn set(&self, at: Option<Millis>) -> Result<(), SqlError> {
        let done = match at {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
            Some(at) => self.0.set_alarm(ScheduledTime::new(Date::new(&JsValue::from_f64(at as f64)))).await,
            None => self.0.delete_alarm().await,
        };
        done.map_err(|error| SqlError(error.to_string()))
    }
}
