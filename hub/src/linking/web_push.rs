//! Notifications on people's own devices: a browser subscribes, its subscription is kept in the vault, and a push
//! service takes notices there. There is no form to fill in: the workspace's key, and with it the integration, is
//! made when the first person asks.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    agent,
    api::{
        integrations::Provider,
        linking::{PushDevice, PushKey, PushSubscription},
    },
    channel::Channel,
    error::{Code, Error},
    id::{IntegrationId, MemberId},
};

use crate::{
    hub::Hub,
    ports::SqlError,
    providers::web_push::{self, Subscription, WebPushSettings, is_push_endpoint, read_keys},
    refusal::Refusal,
    sessions::{SignedIn, hash_of},
    store,
};

/// Devices of one person. One more takes the place of the oldest: a try goes to all of them, and an invocation may
/// make only so many requests.
const MOST_DEVICES: i64 = 5;

/// One device that a notice goes to.
#[derive(Deserialize)]
pub(crate) struct Reached {
    pub(crate) id: String,
    pub(crate) member: MemberId,
    /// Where the vault has its subscription.
    pub(crate) secret: String,
}

/// What a new device took the place of.
struct Replaced {
    /// Who had the browser before.
    others: Vec<String>,
    /// Where the vault has what is no longer used.
    secrets: Vec<String>,
}

impl Hub {
    /// `POST /api/me/channels/web_push/link`: the key to subscribe with; made when there is none.
    pub(crate) async fn push_key(self: &Rc<Self>, me: &SignedIn) -> Result<PushKey, Refusal> {
        if let Some(key) = self.known_push_key()? {
            return Ok(PushKey { key });
        }
        let (settings, secret) = web_push::new_key(&self.ports).await.map_err(|_| Code::Internal)?;
        let id = IntegrationId::new(self.now(), self.random());
        let (kv, random) = (&*self.ports.kv, &*self.ports.random);
        self.vault.put_secret(kv, random, &id, 1, &serde_json::to_vec(&secret)?).await?;
        let (settings, now) = (serde_json::to_string(&settings)?, self.now());
        let mut made = false;
        self.ports.sql.atomically(&mut || {
            made = self.ports.sql.wrote(
                "INSERT INTO integrations (id, provider, settings, secret_version, secret_set_at, state, state_since, created_at) \
                 SELECT ?1, ?2, ?3, 1, ?4, 'ready', ?4, ?4 WHERE NOT EXISTS (SELECT 1 FROM integrations WHERE provider = ?2)",
                &[id.as_str().into(), Provider::WebPush.code().into(), settings.as_str().into(), now.into()],
            )?;
            if made {
                self.audit_as(me.id.as_str(), "integration.connected", id.as_str(), Provider::WebPush.code())?;
            }
            Ok(())
        })?;
        self.cache.integrations_changed();
        if !made {
            // Somebody else was first.
            self.vault.delete(kv, &id, 1).await?;
        }
        let key = self.known_push_key()?.ok_or(Code::Internal)?;
        Ok(PushKey { key })
    }

    /// Keeps a browser's subscription. A browser has one: it leaves whoever had it before. Errors: `required`,
    /// `unknown_push_service`, `wrong_type` for keys that are none, `not_connected` before [`Self::push_key`] and once
    /// its key is another one, `not_signed_in` for somebody erased meanwhile.
    pub(super) async fn link_web_push(
        self: &Rc<Self>,
        me: &SignedIn,
        new: &PushSubscription,
        user_agent: &str,
    ) -> Result<(), Refusal> {
        if new.endpoint.is_empty() {
            return Err(Error::field(Code::Required, "push.endpoint").into());
        }
        if !is_push_endpoint(&new.endpoint, self.config.endpoints.web_push.as_deref()) {
            return Err(Error::field(Code::UnknownPushService, "push.endpoint").into());
        }
        let (p256dh, auth) =
            read_keys(&new.p256dh, &new.auth).ok_or_else(|| Error::field(Code::WrongType, "push.p256dh"))?;
        // Off the curve it could never be sent to.
        if self.ports.signer.p256_agree(&p256dh).await.is_err() {
            return Err(Error::field(Code::WrongType, "push.p256dh").into());
        }
        let Some(key) = self.known_push_key()? else {
            return Err(Error::field(Code::NotConnected, "channel").into());
        };
        let subscription = Subscription { endpoint: new.endpoint.clone(), p256dh, auth };
        // Its own place each time, so that a stale read never serves the subscription of before.
        let secret = self.new_token();
        let (kv, random) = (&*self.ports.kv, &*self.ports.random);
        let plain = serde_json::to_vec(&subscription)?;
        let written = match self.vault.put_named(kv, random, &secret, &plain).await {
            Ok(()) => self.write_push_device(me, &new.endpoint, &key, &secret, user_agent),
            Err(error) => Err(error.into()),
        };
        let replaced = match written {
            Ok(replaced) => replaced,
            Err(refusal) => {
                self.forget_push_secret(&secret).await;
                return Err(refusal);
            }
        };
        for other in replaced.others.iter().filter_map(|id| id.parse().ok()).chain([me.id.clone()]) {
            self.announce_addresses(&other)?;
        }
        for secret in &replaced.secrets {
            self.forget_push_secret(secret).await;
        }
        Ok(())
    }

    /// `key` is the one that the browser subscribed with. Errors: `not_connected`, `not_signed_in`; both may have gone
    /// while the vault took the subscription.
    fn write_push_device(
        &self,
        me: &SignedIn,
        endpoint: &str,
        key: &str,
        secret: &str,
        user_agent: &str,
    ) -> Result<Replaced, Refusal> {
        let member = me.id.as_str();
        if self.known_push_key()?.as_deref() != Some(key) {
            return Err(Error::field(Code::NotConnected, "channel").into());
        }
        let known = self.ports.sql.texts("SELECT id FROM members WHERE id = ?1", &[member.into()])?;
        if known.is_empty() {
            return Err(Code::NotSignedIn.into());
        }
        let id = hash_of(endpoint);
        let name = match agent::device_name(user_agent) {
            Some((browser, system)) => format!("{browser} ({system})"),
            None => "?".to_owned(),
        };
        let (address, now) = (self.new_token(), self.now());
        let mut replaced = Replaced { others: Vec::new(), secrets: Vec::new() };
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            replaced.others = sql.texts(
                "SELECT member FROM push_devices WHERE id = ?1 AND member <> ?2",
                &[id.as_str().into(), member.into()],
            )?;
            replaced.secrets = sql.texts(
                "DELETE FROM push_devices WHERE id = ?1 OR id IN (SELECT id FROM push_devices \
                 WHERE member = ?2 AND id <> ?1 ORDER BY created_at DESC, id LIMIT -1 OFFSET ?3) RETURNING secret",
                &[id.as_str().into(), member.into(), (MOST_DEVICES - 1).into()],
            )?;
            sql.run(
                "INSERT INTO push_devices (id, member, name, secret, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                &[id.as_str().into(), member.into(), name.as_str().into(), secret.into(), now.into()],
            )?;
            sql.run(
                "INSERT INTO addresses (member, channel, value, label, state, switched_on) VALUES (?1, 'web_push', ?2, '', 'linked', 1) \
                 ON CONFLICT (member, channel) DO UPDATE SET state = 'linked'",
                &[member.into(), format!("devices:{address}").into()],
            )?;
            self.name_devices(member)?;
            for other in &replaced.others {
                self.name_devices(other)?;
            }
            self.audit_as(member, "address.linked", member, Channel::WebPush.code())
        })?;
        Ok(replaced)
    }

    /// `GET /api/me/channels/web_push/devices`, newest first.
    pub(crate) fn push_devices(&self, member: &MemberId) -> Result<Vec<PushDevice>, Refusal> {
        store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'name', name, 'created_at', created_at) FROM push_devices \
             WHERE member = ?1 ORDER BY created_at DESC, id",
            &[member.as_str().into()],
        )
    }

    /// `DELETE /api/me/channels/web_push/devices/{id}`. Errors: `not_found`, `last_channel`.
    pub(crate) async fn remove_push_device(self: &Rc<Self>, me: &SignedIn, id: &str) -> Result<(), Refusal> {
        let devices = self.push_devices(&me.id)?;
        if !devices.iter().any(|device| device.id == id) {
            return Err(Code::NotFound.into());
        }
        if devices.len() == 1 {
            return self.unlink_channel(me, Channel::WebPush).await;
        }
        let member = me.id.as_str();
        let mut gone = Vec::new();
        self.ports.sql.atomically(&mut || {
            gone = self.ports.sql.texts(
                "DELETE FROM push_devices WHERE id = ?1 AND member = ?2 RETURNING secret",
                &[id.into(), member.into()],
            )?;
            self.name_devices(member)?;
            self.audit_as(member, "address.unlinked", member, Channel::WebPush.code())
        })?;
        self.announce_addresses(&me.id)?;
        for secret in &gone {
            self.forget_push_secret(secret).await;
        }
        Ok(())
    }

    /// The devices behind an address.
    pub(crate) fn devices_at(&self, address: &str) -> Result<Vec<Reached>, Refusal> {
        store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', d.id, 'member', d.member, 'secret', d.secret) FROM addresses a \
             JOIN push_devices d ON d.member = a.member WHERE a.channel = 'web_push' AND a.value = ?1 \
             ORDER BY d.created_at DESC, d.id",
            &[address.into()],
        )
    }

    /// The push service says that a device is gone. The address stays while another one is there, also one that came
    /// during the try; the last one's is broken by the try's outcome, and the card says so.
    pub(crate) async fn lose_device(&self, device: &Reached) -> Result<(), Refusal> {
        let member = device.member.as_str();
        self.ports.sql.atomically(&mut || {
            // The same browser may have subscribed again since.
            let lost = self.ports.sql.wrote(
                "DELETE FROM push_devices WHERE id = ?1 AND secret = ?2",
                &[device.id.as_str().into(), device.secret.as_str().into()],
            )?;
            let left = "SELECT 1 FROM push_devices WHERE member = ?1 LIMIT 1";
            if lost && !self.ports.sql.texts(left, &[member.into()])?.is_empty() {
                self.name_devices(member)?;
            }
            Ok(())
        })?;
        self.announce_addresses(&device.member)?;
        self.forget_push_secret(&device.secret).await;
        Ok(())
    }

    /// What is not forgotten opens nothing by itself; it is only logged.
    pub(super) async fn forget_push_secret(&self, secret: &str) {
        if let Err(error) = self.vault.delete_named(&*self.ports.kv, secret).await {
            self.ports.log.line(&format!("a push subscription was not forgotten: {error}"));
        }
    }

    /// The address is known by its devices' names; without one there is no address.
    fn name_devices(&self, member: &str) -> Result<(), SqlError> {
        self.ports.sql.run(
            "UPDATE addresses SET label = coalesce((SELECT group_concat(name, ' / ') FROM \
             (SELECT name FROM push_devices WHERE member = ?1 ORDER BY created_at DESC, id)), '') \
             WHERE member = ?1 AND channel = 'web_push'",
            &[member.into()],
        )?;
        self.ports.sql.run(
            "DELETE FROM addresses WHERE member = ?1 AND channel = 'web_push' \
             AND NOT EXISTS (SELECT 1 FROM push_devices WHERE member = ?1)",
            &[member.into()],
        )
    }

    fn known_push_key(&self) -> Result<Option<String>, Refusal> {
        let rows = self.integration_rows()?;
        let Some(row) = rows.iter().find(|row| row.provider == Provider::WebPush) else { return Ok(None) };
        let settings: WebPushSettings = serde_json::from_value(row.settings.clone())?;
        Ok(Some(settings.public_key))
    }
}
