use std::cell::Cell;

use futures_executor::block_on;

use super::*;
use crate::native::MemoryKv;

/// Every byte is the same, one more at each call.
#[derive(Default)]
pub(crate) struct Counting(Cell<u8>);

impl Counting {
    pub(crate) fn from(first: u8) -> Self {
        Self(Cell::new(first))
    }
}

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.get());
        self.0.set(self.0.get().wrapping_add(1));
    }
}

const WORKSPACE: &str = "ws_01kdvdna000000000000000000";
const INTEGRATION: &str = "in_01kdvdna000000000000000000";
const PLACE: &str = "secret/ws_01kdvdna000000000000000000/in_01kdvdna000000000000000000/1";
/// Bytes 0 to 31.
const A: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const B: &str = "//////////////////////////////////////////8=";

pub(crate) fn integration() -> IntegrationId {
    INTEGRATION.parse().unwrap()
}

pub(crate) fn vault() -> Vault {
    Vault::new(WORKSPACE, A, None).unwrap()
}

fn name(integration: &IntegrationId) -> TokenName<'_> {
    TokenName { integration, version: 1, purpose: "" }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The expected values were computed with Python's `cryptography` (HKDF, AESGCM) and `hmac`.
#[test]
fn the_format_is_pinned() {
    let sealed = vault().seal(&Counting::from(7), PLACE, br#"{"a":1}"#).unwrap();
    assert_eq!(
        hex(&sealed),
        "014102fa0107070707070707070707070720a2392292882a0b39a250ceeaa4e8d7fa96993bccf5e1"
    );
    assert_eq!(
        hex(&vault().derive("unsubscribe")),
        "422274970abe79f6c66c1d38635d3c1a786c8f7d41177b1a4de6646cb51d3345"
    );
    assert_eq!(
        hex(&vault().mac("unsubscribe", b"mb_1")),
        "ab0d634d28506efafe50add4d7c4544a0fe076491869d018d7de903bd00d5e09"
    );
    let (kv, random) = (MemoryKv::default(), Counting::default());
    let token = CachedToken { token: "t".into(), fresh_until: 90_000 };
    block_on(vault().put_secret(&kv, &random, &integration(), 1, b"s")).unwrap();
    block_on(vault().cache_token(&kv, &random, name(&integration()), &token, 0)).unwrap();
    let places: Vec<_> = kv.entries.borrow().iter().map(|(key, (_, life))| (key.clone(), *life)).collect();
    assert_eq!(places, [(PLACE.to_owned(), None), (PLACE.replace("secret/", "token/"), Some(90_000))]);
    let opened = vault().open(&places[1].0, &kv.entries.borrow()[&places[1].0].0).unwrap();
    assert_eq!(opened, br#"{"token":"t","fresh_until":90000}"#);
}

#[test]
fn what_was_put_is_got_and_forgotten() {
    let (kv, random) = (MemoryKv::default(), Counting::default());
    block_on(async {
        let (vault, integration) = (vault(), integration());
        vault.put_secret(&kv, &random, &integration, 1, b"old").await.unwrap();
        vault.put_secret(&kv, &random, &integration, 2, b"new").await.unwrap();
        assert_eq!(vault.get_secret(&kv, &integration, 1).await.unwrap().unwrap(), b"old");
        assert_eq!(vault.get_secret(&kv, &integration, 2).await.unwrap().unwrap(), b"new");
        assert_eq!(vault.get_secret(&kv, &integration, 3).await.unwrap(), None);
        let token = CachedToken { token: "t".into(), fresh_until: 10_000 };
        vault.cache_token(&kv, &random, name(&integration), &token, 0).await.unwrap();
        vault.delete(&kv, &integration, 1).await.unwrap();
        assert_eq!(kv.entries.borrow().keys().collect::<Vec<_>>(), [&PLACE.replace("/1", "/2")]);
    });
}

#[test]
fn a_token_is_given_while_it_is_fresh() {
    let (kv, random) = (MemoryKv::default(), Counting::default());
    let token = CachedToken { token: "t".into(), fresh_until: 10_000 };
    block_on(async {
        vault().cache_token(&kv, &random, name(&integration()), &token, 0).await.unwrap();
        let at = async |now| vault().get_token(&kv, name(&integration()), now).await.unwrap();
        assert_eq!(at(9_999).await, Some(token));
        assert_eq!(at(10_000).await, None);
    });
    assert_eq!(kv.entries.borrow().values().next().unwrap().1, Some(60_000));
}

#[test]
fn a_rotation_of_vault_key_loses_nothing() {
    let (kv, random) = (MemoryKv::default(), Counting::default());
    let (before, during, after) =
        (vault(), Vault::new(WORKSPACE, B, Some(A)).unwrap(), Vault::new(WORKSPACE, B, Some("")).unwrap());
    let integration = integration();
    block_on(async {
        before.put_secret(&kv, &random, &integration, 1, b"kept").await.unwrap();
        let early = after.get_secret(&kv, &integration, 1).await;
        assert_eq!(early, Err(VaultError::UnknownKey));
        assert_eq!(during.get_secret(&kv, &integration, 1).await.unwrap().unwrap(), b"kept");
        assert!(during.reseal(&kv, &random, &integration, 1).await.unwrap());
        assert!(!during.reseal(&kv, &random, &integration, 1).await.unwrap());
        assert!(!during.reseal(&kv, &random, &integration, 9).await.unwrap());
        assert_eq!(after.get_secret(&kv, &integration, 1).await.unwrap().unwrap(), b"kept");
        assert_eq!(before.get_secret(&kv, &integration, 1).await, Err(VaultError::UnknownKey));
    });
    let old = before.mac("unsubscribe", b"mb_1");
    assert!(during.mac_matches("unsubscribe", b"mb_1", &old));
    assert!(!after.mac_matches("unsubscribe", b"mb_1", &old));
    assert!(!during.mac_matches("sign_in", b"mb_1", &old));
    assert!(!during.mac_matches("unsubscribe", b"mb_2", &old));
    assert!(!during.mac_matches("unsubscribe", b"mb_1", &old[..31]));
}

#[test]
fn nothing_opens_in_the_wrong_place() {
    let sealed = vault().seal(&Counting::default(), PLACE, b"secret").unwrap();
    assert_eq!(vault().open(&PLACE.replace("in_0", "in_1"), &sealed), Err(VaultError::Refused));
    assert_eq!(vault().open(&PLACE.replace("/1", "/2"), &sealed), Err(VaultError::Refused));
    let other = Vault::new("ws_11kdvdna000000000000000000", A, None).unwrap();
    assert_eq!(other.open(PLACE, &sealed), Err(VaultError::UnknownKey));
    for index in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[index] ^= 1;
        assert!(vault().open(PLACE, &altered).is_err(), "byte {index}");
    }
    for length in 0..17 {
        assert_eq!(vault().open(PLACE, &sealed[..length]), Err(VaultError::Malformed), "{length} bytes");
    }
}

#[test]
fn a_vault_key_must_be_32_bytes() {
    for bad in ["", "abc", "AAAA", &A[..43], &format!("{A}AAAA")] {
        assert_eq!(Vault::new(WORKSPACE, bad, None).err(), Some(VaultError::BadKey), "{bad}");
    }
    assert!(Vault::new(WORKSPACE, &format!(" {A}\n"), None).is_ok());
    assert_eq!(Vault::new(WORKSPACE, A, Some("abc")).err(), Some(VaultError::BadKey));
}

#[test]
fn nothing_secret_is_printed() {
    assert_eq!(format!("{:?}", vault()), format!("Vault({WORKSPACE})"));
    let token = CachedToken { token: "t0ken".into(), fresh_until: 1 };
    assert!(!format!("{token:?}").contains("t0ken"));
}
