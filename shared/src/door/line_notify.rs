//! The form of LINE Notify (ended 2025-03-31): what its clients send, and the answers they look for
//! (doors.md §1). The wording of answers is the original's where it was seen.

use std::collections::HashMap;

use serde::Serialize;

use super::{form, multipart};
use crate::{
    lang::{Lang, Text},
    message::{Field, Message},
    render::text::is_blank,
    routing::Urgency,
    validate::is_link,
};

/// Calls of one token in an hour (doors.md §1.2).
pub const HOURLY: u32 = 1_000;
/// Of which this many may bring an image file.
pub const HOURLY_IMAGES: u32 = 50;
/// The type of every answer.
pub const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// Not blank; of any length, although the original took 1,000 characters.
    pub message: String,
    pub image: Option<Image>,
    /// `notificationDisabled`: no push alert.
    pub silent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// A file came along. It is counted and not kept: notices carry no files.
    File,
    /// `imageFullsize`.
    Url(String),
}

/// Why a call was refused; [`Refused::status`] is the code that clients look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("message: must not be empty")]
    NoMessage,
    #[error("You should pass {missing} parameter if you pass {given}.")]
    Alone { given: &'static str, missing: &'static str },
    /// The original's wording is not known.
    #[error("imageFile: must be a PNG or JPEG image")]
    BadImage,
    #[error("LINE Notify account doesn't join group which you want to send.")]
    NotInRoom,
    #[error("Invalid access token")]
    BadToken,
    #[error("Not Found")]
    NotFound,
    #[error("Method Not Allowed")]
    WrongMethod,
    #[error("Payload Too Large")]
    TooLarge,
    /// Code and wording are not known.
    #[error("Too Many Requests")]
    TooMany,
    #[error("Internal Server Error")]
    Internal,
}

impl Refused {
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NoMessage | Self::Alone { .. } | Self::BadImage | Self::NotInRoom => 400,
            Self::BadToken => 401,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
        }
    }

    /// The JSON body.
    #[must_use]
    pub fn body(self) -> Vec<u8> {
        json(&Answer { status: self.status(), message: &self.to_string() })
    }
}

/// The body of an accepted call.
#[must_use]
pub fn ok() -> Vec<u8> {
    json(&Answer { status: 200, message: "ok" })
}

/// The body of `GET /api/status`. `name` is that of the person or room.
#[must_use]
pub fn status(is_room: bool, name: Option<&str>) -> Vec<u8> {
    let target_type = if is_room { "GROUP" } else { "USER" };
    json(&Status { status: 200, message: "ok", target_type, target: name })
}

/// Reads a call: fields of the body first, then of the query; no body and no type are fine (doors.md §1.6).
/// Unknown fields and stickers are ignored.
pub fn read(
    content_type: Option<&str>,
    body: &[u8],
    query: &HashMap<String, String>,
) -> Result<Notify, Refused> {
    let (fields, file) = fields(content_type.unwrap_or_default(), body);
    let field = |name: &str| {
        let in_body = fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        in_body.chain(query.get(name).map(String::as_str)).find(|value| !is_blank(value))
    };
    let message = field("message").ok_or(Refused::NoMessage)?.to_owned();
    let both = |one: &'static str, other: &'static str| match (field(one), field(other)) {
        (Some(_), None) => Err(Refused::Alone { given: one, missing: other }),
        (None, Some(_)) => Err(Refused::Alone { given: other, missing: one }),
        _ => Ok(()),
    };
    both("stickerPackageId", "stickerId")?;
    let image = match file {
        Some(bytes) if is_image(bytes) => Some(Image::File),
        Some(_) => return Err(Refused::BadImage),
        None => {
            both("imageThumbnail", "imageFullsize")?;
            field("imageFullsize").map(|url| Image::Url(url.trim().to_owned()))
        }
    };
    let silent = field("notificationDisabled")
        .is_some_and(|flag| matches!(flag.trim(), "1" | "true" | "True" | "TRUE"));
    Ok(Notify { message, image, silent })
}

impl Notify {
    /// The message to deliver; an image's address becomes its link, and of a file the reader is told that there
    /// was one.
    #[must_use]
    pub fn message(&self, door: &str, lang: Lang, development: bool) -> Message {
        const IMAGE: Text = Text::new("画像", "Image");
        const LEFT_OUT: Text = Text::new(
            "添付されていましたが、ここには表示できません",
            "One was attached; it cannot be shown here",
        );
        let mut message = super::message(door, &self.message);
        let field =
            |value: &str| Field { label: IMAGE.get(lang).to_owned(), value: super::cut(value, 1_000) };
        match &self.image {
            Some(Image::Url(url)) if is_link(url, development) => message.link = Some(url.clone()),
            Some(Image::Url(url)) => message.fields.push(field(url)),
            Some(Image::File) => message.fields.push(field(LEFT_OUT.get(lang))),
            None => {}
        }
        message
    }

    /// A silent one is of low urgency; else the kind's own counts.
    #[must_use]
    pub const fn urgency(&self) -> Option<Urgency> {
        if self.silent { Some(Urgency::Low) } else { None }
    }
}

/// The text fields of a body, and the bytes of `imageFile`.
fn fields<'a>(content_type: &str, body: &'a [u8]) -> (Vec<(String, String)>, Option<&'a [u8]>) {
    if !content_type.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        return (form::pairs(body), None);
    }
    let Some(boundary) = multipart::boundary(content_type, body) else { return (form::pairs(body), None) };
    let (mut fields, mut file) = (Vec::new(), None);
    for part in multipart::parts(body, &boundary) {
        if part.name == "imageFile" {
            // An empty part is a form field that nobody filled in.
            file = file.or(Some(part.data).filter(|data| !data.is_empty()));
        } else if !part.is_file {
            fields.push((part.name, String::from_utf8_lossy(part.data).into_owned()));
        }
    }
    (fields, file)
}

/// PNG or JPEG by the first bytes: names and types of parts are not to be trusted (doors.md §1.6).
fn is_image(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

#[derive(Serialize)]
struct Answer<'a> {
    status: u16,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    status: u16,
    message: &'a str,
    target_type: &'a str,
    target: Option<&'a str>,
}

fn json<T: Serialize>(answer: &T) -> Vec<u8> {
    // Numbers and strings always serialise.
    serde_json::to_vec(answer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn call(content_type: Option<&str>, body: &str, query: &[(&str, &str)]) -> Result<Notify, Refused> {
        let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        read(content_type, body.as_bytes(), &query)
    }

    fn text(message: &str) -> Result<Notify, Refused> {
        Ok(Notify { message: message.into(), image: None, silent: false })
    }

    #[test]
    fn answers_are_pinned() {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(text(ok()), r#"{"status":200,"message":"ok"}"#);
        assert_eq!(
            text(status(false, Some("Suzuki"))),
            r#"{"status":200,"message":"ok","targetType":"USER","target":"Suzuki"}"#
        );
        assert_eq!(
            text(status(true, None)),
            r#"{"status":200,"message":"ok","targetType":"GROUP","target":null}"#
        );
        for (refused, body) in [
            (Refused::NoMessage, r#"{"status":400,"message":"message: must not be empty"}"#),
            (
                Refused::NotInRoom,
                r#"{"status":400,"message":"LINE Notify account doesn't join group which you want to send."}"#,
            ),
            (Refused::BadToken, r#"{"status":401,"message":"Invalid access token"}"#),
            (Refused::WrongMethod, r#"{"status":405,"message":"Method Not Allowed"}"#),
            (Refused::TooMany, r#"{"status":429,"message":"Too Many Requests"}"#),
        ] {
            assert_eq!(text(refused.body()), body);
        }
    }

    #[test]
    fn every_way_of_sending_that_was_seen() {
        for (content_type, body, query) in [
            (Some(FORM), "message=hi", &[][..]),
            (Some("application/x-www-form-urlencoded;charset=UTF-8"), "message=hi&unknown=1", &[]),
            // linenotipy: everything in the query, an empty body without a type.
            (None, "", &[("message", "hi"), ("imageFile", "/tmp/a.png")]),
            (Some(FORM), "message=hi", &[("message", "of the query")]),
            (Some(FORM), "message=&x=1", &[("message", "of the query")]),
            (
                Some("multipart/form-data; boundary=B"),
                "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--B--\r\n\r\n",
                &[],
            ),
            (
                Some("multipart/form-data"),
                "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--B--",
                &[],
            ),
            (Some("Multipart/Form-Data"), "message=hi", &[]),
        ] {
            let expected = if body.contains("hi") { "hi" } else { query[0].1 };
            assert_eq!(call(content_type, body, query), text(expected), "{content_type:?} {body}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_the_original_did() {
        let alone = |given, missing| Err(Refused::Alone { given, missing });
        for (body, expected) in [
            ("", Err(Refused::NoMessage)),
            ("message=", Err(Refused::NoMessage)),
            ("message=%0A+%E2%80%8B", Err(Refused::NoMessage)),
            ("message=a&stickerPackageId=1", alone("stickerPackageId", "stickerId")),
            ("message=a&stickerId=1", alone("stickerId", "stickerPackageId")),
            ("message=a&imageThumbnail=https://x/y", alone("imageThumbnail", "imageFullsize")),
            ("message=a&stickerId=1&stickerPackageId=2", text("a")),
        ] {
            assert_eq!(call(Some(FORM), body, &[]), expected, "{body}");
        }
        assert_eq!(
            Refused::Alone { given: "stickerPackageId", missing: "stickerId" }.to_string(),
            "You should pass stickerId parameter if you pass stickerPackageId."
        );
    }

    #[test]
    fn silence_in_every_spelling() {
        for (flag, silent) in
            [("true", true), ("True", true), ("TRUE", true), ("1", true), ("false", false), ("0", false)]
        {
            let notify = call(Some(FORM), &format!("message=a&notificationDisabled={flag}"), &[]).unwrap();
            assert_eq!(notify.urgency(), silent.then_some(Urgency::Low), "{flag}");
        }
    }

    #[test]
    fn an_image_is_known_by_its_bytes_and_wins_over_addresses() {
        let read_file = |bytes: &[u8], name: &str| {
            let head = format!(
                "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\na\r\n--B\r\nContent-Disposition: form-data; name=\"imageFile\"; filename=\"{name}\"\r\n\r\n"
            );
            let tail = b"\r\n--B\r\nContent-Disposition: form-data; name=\"imageThumbnail\"\r\n\r\nhttps://x.jp/t\r\n--B--\r\n";
            let body = [head.as_bytes(), bytes, tail].concat();
            read(Some("multipart/form-data; boundary=B"), &body, &HashMap::new())
        };
        let file = Ok(Notify { message: "a".into(), image: Some(Image::File), silent: false });
        assert_eq!(read_file(b"\x89PNG\r\n\x1a\n....", "a.txt"), file);
        assert_eq!(read_file(b"\xff\xd8\xff\xe0", "0f8fad5b"), file);
        assert_eq!(read_file(b"GIF89a", "a.png"), Err(Refused::BadImage));
        // An empty part is none, and then the address is alone.
        assert!(matches!(read_file(b"", ""), Err(Refused::Alone { .. })));
    }

    #[test]
    fn images_become_a_link_or_a_line() {
        let notify = |image| Notify { message: "a\nb".into(), image: Some(image), silent: false };
        let https = notify(Image::Url("https://x.jp/full.jpg".into())).message("d", Lang::Ja, false);
        assert_eq!((https.link.as_deref(), https.fields.len()), (Some("https://x.jp/full.jpg"), 0));
        let http = notify(Image::Url("http://x.jp/full.jpg".into())).message("d", Lang::Ja, false);
        assert_eq!((http.link, http.fields[0].value.as_str()), (None, "http://x.jp/full.jpg"));
        let file = notify(Image::File).message("d", Lang::En, false);
        assert_eq!(
            (file.title.as_str(), file.body.as_str(), file.fields[0].label.as_str()),
            ("a", "b", "Image")
        );
    }
}
