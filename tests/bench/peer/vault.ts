// Opens what the product's vault sealed: `1 | fingerprint (4) | nonce (12) | AES-256-GCM ciphertext and tag`,
// the key derived per workspace by HKDF-SHA256, the key-value key as associated data.

const HEAD = 1 + 4;
const NONCE = 12;

export async function open(vaultKey: string, workspace: string, place: string, sealed: ArrayBuffer): Promise<string> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const root = await crypto.subtle.importKey(
    "raw",
    Uint8Array.from(atob(vaultKey), (char) => char.charCodeAt(0)),
    "HKDF",
    false,
    ["deriveKey"],
  );
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encode(`todoke/vault/v1/${workspace}`) },
    root,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const iv = sealed.slice(HEAD, HEAD + NONCE);
  const algorithm = { name: "AES-GCM", iv, additionalData: encode(place) };
  const plain = await crypto.subtle.decrypt(algorithm, key, sealed.slice(HEAD + NONCE));
  return new TextDecoder().decode(plain);
}
