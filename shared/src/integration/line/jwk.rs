//! Keys in JSON Web Key form (RFC 7517, RFC 7518 §6.3), written as the PEM that everything else reads.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// The numbers of PKCS#1's RSAPrivateKey (RFC 8017 §A.1.2) after its version, by their names in a JWK.
const NUMBERS: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// PKCS#1 in PEM; `None` unless `text` is the JWK of a private RSA key with all its numbers.
pub(super) fn private_key_pem(text: &str) -> Option<String> {
    let jwk: Value = serde_json::from_str(text.trim()).ok()?;
    if jwk.get("kty")?.as_str()? != "RSA" {
        return None;
    }
    let mut content = der(INTEGER, &[0]);
    for name in NUMBERS {
        let number = jwk.get(name)?.as_str()?.trim_end_matches('=');
        content.extend(integer(&BASE64_URL_SAFE_NO_PAD.decode(number).ok()?));
    }
    let text = BASE64_STANDARD.encode(der(SEQUENCE, &content));
    let mut pem = String::from("-----BEGIN RSA PRIVATE KEY-----\n");
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str("\n-----END RSA PRIVATE KEY-----\n");
    Some(pem)
}

/// An unsigned number: without leading zeros, but with one before a set sign bit.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        digits.insert(0, 0);
    }
    der(INTEGER, &digits)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let size: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        // At most eight bytes say how long it is.
        _ => {
            out.push(0x80 | u8::try_from(size.len()).unwrap_or_default());
            out.extend(size);
        }
    }
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integration::is_private_key;

    /// A key made for tests; it opens nothing anywhere. Python wrote the same key in both forms.
    const NUMBERS_OF_KEY: [(&str, &str); 8] = [
        (
            "n",
            "3kqRzL_AzqgGjLsTRoEO6yMhvkf3jgTpUhc6zlz0JB1gLj5i9_DZclqnKfWQH_T9s59HZG_sp3QRVjV-07aOjaG-NuttAYjv32crBBJrOAuyqD6L4vf8gDX_RbtdpLtNjgjHsW5z7sSbR3ANkchJs4mKS_RZj4rbEOG_3Y_eCt8",
        ),
        ("e", "AQAB"),
        (
            "d",
            "y8up6AFVDyHU_2jzvwvLVaAb64unVjkCgBR0AYYO_p0_9KWVrqLNeJ3L7BgKToIZpng8x8QlP1CWJGdfI1KXVWRO2ZpLLDR3v6Yvup5w9zm8eQpuGm-kInxph8GUshmsgzz2vx-Nt46-68WH_ExmuQqOH5UoThC2De15uiAOJ8E",
        ),
        ("p", "-KMhyGRh8A9VHE1wwSCL1aJjHbjt69zckCg6udOk1u3LT2rZYS19tgXsjeVeBZX_-ZtKjAbMGTADqdH_r2hAyQ"),
        ("q", "5N-23kM9cv276bCqCxx2aZ6McKOgKq_7lhwDtymOQfHqdivlijq8rIaNFvCMtI-DbYt3Zd6eur9JiPO_iHMqZw"),
        ("dp", "vaSXyOQf-12Gek7q2LN9VNZGKU57UnKkXOQCXuh6C2FWuF10LnXnM6XzFwvCmhoeIwF6a7FnjTKdKLM_BUhMWQ"),
        ("dq", "f5gYoqBpyYmbERTkN32OpiM1uDYAPMwPPggwKhSIskrjoy2lsgI83RHF5lwElUTMyG1QCwKpCwNJQ4hf5voNUQ"),
        ("qi", "2WvVZrqd_30drdoSpdPqmrBPaAMC0g5DdcP3zr2SgkoNiuAqVivxzm37lQGng9PTcfAteT73QmUVkQCMdzrvIw"),
    ];
    const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDeSpHMv8DOqAaMuxNGgQ7rIyG+R/eOBOlSFzrOXPQkHWAuPmL3
8NlyWqcp9ZAf9P2zn0dkb+yndBFWNX7Tto6Nob42620BiO/fZysEEms4C7KoPovi
9/yANf9Fu12ku02OCMexbnPuxJtHcA2RyEmziYpL9FmPitsQ4b/dj94K3wIDAQAB
AoGBAMvLqegBVQ8h1P9o878Ly1WgG+uLp1Y5AoAUdAGGDv6dP/Slla6izXidy+wY
Ck6CGaZ4PMfEJT9QliRnXyNSl1VkTtmaSyw0d7+mL7qecPc5vHkKbhpvpCJ8aYfB
lLIZrIM89r8fjbeOvuvFh/xMZrkKjh+VKE4Qtg3tebogDifBAkEA+KMhyGRh8A9V
HE1wwSCL1aJjHbjt69zckCg6udOk1u3LT2rZYS19tgXsjeVeBZX/+ZtKjAbMGTAD
qdH/r2hAyQJBAOTftt5DPXL9u+mwqgscdmmejHCjoCqv+5YcA7cpjkHx6nYr5Yo6
vKyGjRbwjLSPg22Ld2Xenrq/SYjzv4hzKmcCQQC9pJfI5B/7XYZ6TurYs31U1kYp
TntScqRc5AJe6HoLYVa4XXQudeczpfMXC8KaGh4jAXprsWeNMp0osz8FSExZAkB/
mBiioGnJiZsRFOQ3fY6mIzW4NgA8zA8+CDAqFIiySuOjLaWyAjzdEcXmXASVRMzI
bVALAqkLA0lDiF/m+g1RAkEA2WvVZrqd/30drdoSpdPqmrBPaAMC0g5DdcP3zr2S
gkoNiuAqVivxzm37lQGng9PTcfAteT73QmUVkQCMdzrvIw==
-----END RSA PRIVATE KEY-----
";

    fn jwk() -> Value {
        let mut jwk = serde_json::json!({"kty": "RSA", "alg": "RS256", "use": "sig"});
        for (name, number) in NUMBERS_OF_KEY {
            jwk[name] = number.into();
        }
        jwk
    }

    #[test]
    fn a_jwk_becomes_the_pem_of_the_same_key() {
        let pem = private_key_pem(&format!("\n {} ", jwk())).unwrap();
        assert_eq!(pem, PEM);
        assert!(is_private_key(&pem));
    }

    #[test]
    fn what_is_not_a_private_rsa_key_is_left_alone() {
        for name in NUMBERS {
            let mut jwk = jwk();
            jwk.as_object_mut().unwrap().remove(name);
            assert_eq!(private_key_pem(&jwk.to_string()), None, "{name}");
        }
        for (name, value) in [("kty", "EC"), ("d", "not base64!")] {
            let mut jwk = jwk();
            jwk[name] = value.into();
            assert_eq!(private_key_pem(&jwk.to_string()), None, "{name}");
        }
        for text in ["", "{}", "[]", PEM, "null"] {
            assert_eq!(private_key_pem(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_and_signs_are_written_as_der_wants_them() {
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(der(4, &[7; 127])[..3], [4, 127, 7]);
        assert_eq!(der(4, &[7; 128])[..4], [4, 0x81, 128, 7]);
        assert_eq!(der(4, &[7; 300])[..5], [4, 0x82, 1, 44, 7]);
    }
}
