//! WebCrypto's RSA, behind [`hub::ports::Signer`].

use async_trait::async_trait;
use hub::ports::{SignError, Signer};
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
        // The error is dropped: it may quote the key.
        let signature = JsFuture::from(sign_rs256(pkcs8, input)).await.map_err(|_| SignError)?;
        Ok(Uint8Array::new(&signature).to_vec())
    }
}

#[wasm_bindgen(inline_js = r#"
export async function sign_rs256(pkcs8, input) {
    // Both lie in Wasm's memory, which may move before the first await ends.
    const [key, text] = [pkcs8.slice(), input.slice()];
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const signer = await crypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign(algorithm.name, signer, text));
}
"#)]
extern "C" {
    fn sign_rs256(pkcs8: &[u8], input: &[u8]) -> Promise;
}
