//! The world's providers behind [`hub::ports::Http`].

use async_trait::async_trait;
use hub::ports::{Http, HttpRequest, HttpResponse, IoError};
use sandbox::world::{Answer, Face, Request};

use crate::{
    life::Mortal,
    outside::{Door, Told},
};

/// Base, face, door.
const FACES: [(&str, Face, Door); 11] = [
    ("https://auth.worksmobile.com/", Face::LineWorksAuth, Door::LineWorks),
    ("https://www.worksapis.com/", Face::LineWorksApi, Door::LineWorks),
    ("https://apis.worksmobile.com/", Face::LineWorksV1, Door::LineWorks),
    ("https://api.resend.com/", Face::Resend, Door::Resend),
    ("https://api.line.me/", Face::LineApi, Door::Line),
    ("https://access.line.me/", Face::LineAccess, Door::Line),
    ("https://slack.com/", Face::Slack, Door::Slack),
    ("https://chat.googleapis.com/", Face::GoogleChat, Door::GoogleChat),
    ("https://oauth2.googleapis.com/", Face::GoogleOauth, Door::GoogleChat),
    ("https://www.googleapis.com/", Face::GoogleCerts, Door::GoogleChat),
    ("https://fcm.googleapis.com/", Face::Push, Door::Push),
];

/// A system of the customer that is told what happens. It takes everything.
const SYSTEM: &str = "https://systems.minato.example/";

pub(crate) struct WorldHttp(pub(crate) Mortal);

#[async_trait(?Send)]
impl Http for WorldHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let port = &self.0;
        port.life.step().await;
        if request.url.starts_with(SYSTEM) {
            return Ok(self.tell(request).await);
        }
        let found = FACES
            .iter()
            .find_map(|(base, face, door)| Some((request.url.strip_prefix(base)?, base, face, door)));
        let (path, base, face, door) =
            found.unwrap_or_else(|| panic!("a request to nobody: {}", request.url));
        if port.outside.is_closed(*door) {
            port.pass(port.outside.latency()).await;
            return Err(IoError::NotSent("connection refused".into()));
        }
        let begun = port.now();
        port.pass(port.outside.latency()).await;
        // Dies here: sent by nobody.
        port.life.step().await;
        let world_request = Request {
            method: request.method.to_owned(),
            path: format!("/{path}"),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body: request.body,
        };
        let answer = port.outside.world.borrow_mut().http(*face, &world_request, port.now());
        port.outside.trace(|| match &answer {
            Answer::Reply { reply, after_ms } => {
                format!("{} {base}{path} -> {} after {after_ms}", request.method, reply.status)
            }
            Answer::Silence { accepted } => {
                format!("{} {base}{path} -> silence, accepted {accepted}", request.method)
            }
        });
        // Dies here: the world has it and the object never knew.
        port.life.step().await;
        let spent = u64::try_from(port.now() - begun).unwrap();
        let left = u64::from(request.timeout_ms).saturating_sub(spent);
        match answer {
            Answer::Reply { reply, after_ms } if after_ms < left => {
                port.pass(after_ms + port.outside.latency()).await;
                let headers =
                    reply.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
                Ok(HttpResponse { status: reply.status, headers: headers.collect(), body: reply.body })
            }
            Answer::Reply { .. } | Answer::Silence { .. } => {
                port.pass(left).await;
                Err(IoError::NoAnswer("timed out".into()))
            }
        }
    }
}

impl WorldHttp {
    async fn tell(&self, request: HttpRequest) -> HttpResponse {
        let port = &self.0;
        port.pass(port.outside.latency()).await;
        let headers =
            request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        port.outside.told.borrow_mut().push(Told { url: request.url, headers, body: request.body });
        port.life.step().await;
        HttpResponse { status: 204, headers: Vec::new(), body: Vec::new() }
    }
}
