// Ids as in the product: a prefix, 48 bits of milliseconds and 80 random bits in Crockford's base 32.

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export function sortable(now: number): string {
  let time = now;
  let text = "";
  for (let index = 0; index < 10; index += 1) {
    text = ALPHABET[time % 32] + text;
    time = Math.floor(time / 32);
  }
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) text += ALPHABET[byte & 31];
  return text;
}

/** The `number`th delivery of an event. */
export function deliveryId(event: string, number: number): string {
  let text = `dl_${event.slice(3)}`;
  for (let shift = 20; shift >= 0; shift -= 5) text += ALPHABET[(number >> shift) & 31];
  return text;
}

export function hex(bytes: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += byte.toString(16).padStart(2, "0");
  return text;
}

export async function sha256(data: string | ArrayBuffer | Uint8Array): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}
