//! WebCrypto's RSA and P-256, behind [`hub::ports::Signer`].

use async_trait::async_trait;
use hub::ports::{Agreed, KeyPair, SignError, Signer};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    js_sys::{Promise, Uint8Array},
    wasm_bindgen_futures::JsFuture,
};

#[derive(Debug, Clone, Copy)]
pub(crate) struct WebCrypto;

#[async_trait(?Send)]
impl Signer for WebCrypto {
    async fn rs256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError> {
        bytes(sign("RSASSA-PKCS1-v1_5", pkcs8, input)).await
    }

    async fn p256_pair(&self) -> Result<KeyPair, SignError> {
        let (public, pkcs8) = parts(p256_pair()).await?;
        Ok(KeyPair { public, pkcs8 })
    }

    async fn es256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError> {
        bytes(sign("ECDSA", pkcs8, input)).await
    }

    async fn p256_agree(&self, theirs: &[u8]) -> Result<Agreed, SignError> {
        let (public, secret) = parts(p256_agree(theirs)).await?;
        Ok(Agreed { public, secret })
    }
}

async fn bytes(promise: Promise) -> Result<Vec<u8>, SignError> {
    // The error is dropped: it may quote the key.
    let found = JsFuture::from(promise).await.map_err(|_| SignError)?;
    Ok(Uint8Array::new(&found).to_vec())
}

/// A public key and what stands behind it.
async fn parts(promise: Promise) -> Result<(Vec<u8>, Vec<u8>), SignError> {
    let mut public = bytes(promise).await?;
    if public.len() <= POINT {
        return Err(SignError);
    }
    let rest = public.split_off(POINT);
    Ok((public, rest))
}

/// An uncompressed point on P-256.
const POINT: usize = 65;

#[wasm_bindgen(inline_js = r#"
export async function sign(name, pkcs8, input) {
    // Both lie in Wasm's memory, which may move before the first await ends.
    const [key, text] = [pkcs8.slice(), input.slice()];
    const algorithm = { name, hash: "SHA-256", namedCurve: "P-256" };
    const signer = await crypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign(algorithm, signer, text));
}

const together = (...pieces) => new Uint8Array(pieces.flatMap((piece) => [...new Uint8Array(piece)]));
const raw = (key) => crypto.subtle.exportKey("raw", key);

export async function p256_pair() {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    return together(await raw(pair.publicKey), await crypto.subtle.exportKey("pkcs8", pair.privateKey));
}

export async function p256_agree(point) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", point.slice(), curve, false, []);
    const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
    const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    return together(await raw(own.publicKey), secret);
}
"#)]
extern "C" {
    fn sign(name: &str, pkcs8: &[u8], input: &[u8]) -> Promise;
    fn p256_pair() -> Promise;
    fn p256_agree(theirs: &[u8]) -> Promise;
}
