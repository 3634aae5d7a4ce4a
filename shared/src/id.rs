//! Typed ids: a prefix that names the thing, then 26 characters of Crockford's base 32 in lower case: 48 bits
//! of milliseconds and 80 random bits, so that ids sort by age and cannot be guessed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Millis;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 26 characters behind a prefix.
#[must_use]
pub fn sortable(now: Millis, random: [u8; 10]) -> String {
    let mut bits = u128::try_from(now.max(0)).unwrap_or_default() << 80;
    for (index, byte) in random.into_iter().enumerate() {
        bits |= u128::from(byte) << (72 - 8 * index);
    }
    (0..26u32)
        .map(|index| {
            let five = usize::try_from((bits >> (125 - 5 * index)) & 31).unwrap_or_default();
            char::from(ALPHABET.get(five).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// The text is not an id of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this type")]
pub struct NotAnId;

fn check(text: &str, prefix: &str, longest: usize) -> Result<(), NotAnId> {
    let rest = text.strip_prefix(prefix).ok_or(NotAnId)?;
    let well_formed =
        (26..=longest).contains(&rest.len()) && rest.bytes().all(|byte| ALPHABET.contains(&byte));
    if well_formed { Ok(()) } else { Err(NotAnId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $longest:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            #[must_use]
            pub fn new(now: Millis, random: [u8; 10]) -> Self {
                Self(format!("{}{}", $prefix, sortable(now, random)))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                check(text, $prefix, $longest)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    WorkspaceId "ws_" 26;
    CompanyId "co_" 26;
    MemberId "mb_" 26;
    /// A file of members on its way in.
    ImportId "im_" 26;
    RoomId "rm_" 26;
    IntegrationId "in_" 26;
    EventId "ev_" 26;
    AbsenceId "ab_" 26;
    /// The event's 26 characters and the delivery's number within it, so that it can be made in SQL.
    DeliveryId "dl_" 32;
    /// Work on many deliveries at once.
    BulkId "bk_" 26;
    ApiKeyId "ky_" 26;
    SessionId "se_" 26;
    AuditId "au_" 26;
    DoorId "dr_" 26;
    WebhookId "wh_" 26;
    /// One message to one webhook: its `webhook-id`, which may not hold a dot.
    WebhookMessageId "wm_" 26;
}

impl DeliveryId {
    /// No delivery of an event that was made at `time` or later has a lesser id.
    #[must_use]
    pub fn first_at(time: Millis) -> String {
        format!("dl_{}", sortable(time, [0; 10]))
    }

    /// The `number`th delivery of an event.
    #[must_use]
    pub fn of(event: &EventId, number: u32) -> Self {
        let event = event.0.get(EventId::PREFIX.len()..).unwrap_or_default();
        let digits: String = (0..5u32)
            .map(|index| {
                let five = usize::try_from((number >> (20 - 5 * index)) & 31).unwrap_or_default();
                char::from(ALPHABET.get(five).copied().unwrap_or(b'0'))
            })
            .collect();
        Self(format!("dl_{event}{digits}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_pinned() {
        assert_eq!(
            MemberId::new(1_767_225_600_000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 255]).to_string(),
            "mb_01kdvdna00000g40r40m30e27z"
        );
    }

    #[test]
    fn ids_sort_by_age_and_read_back() {
        let old = EventId::new(1_000, [255; 10]);
        let new = EventId::new(1_001, [0; 10]);
        assert!(old < new);
        assert_eq!(old.as_str().parse::<EventId>(), Ok(old.clone()));
        assert_eq!(old.as_str().parse::<MemberId>(), Err(NotAnId));
        for bad in
            ["ev_", "ev_01", "ev_0000000000000000000000000I", "", "ev_00000000000000000000000000000000000"]
        {
            assert_eq!(bad.parse::<EventId>(), Err(NotAnId), "{bad}");
        }
        let delivery = DeliveryId::of(&new, 19_999);
        assert_eq!(delivery.as_str().parse::<DeliveryId>(), Ok(delivery.clone()));
        assert!(DeliveryId::of(&new, 3) < DeliveryId::of(&new, 40));
    }
}
