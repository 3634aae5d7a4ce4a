//! The world's providers behind [`hub::ports::Http`].

use async_trait::async_trait;
use hub::ports::{Http, HttpRequest, HttpResponse, IoError};
use sandbox::world::{Answer, Face, Request};

use crate::{life::Mortal, outside::Door};

/// Base, face, door, and whether the base ends with a part of the path.
const FACES: [(&str, Face, Door); 3] = [
    ("https://auth.worksmobile.com", Face::LineWorksAuth, Door::LineWorks),
    ("https://www.worksapis.com", Face::LineWorksApi, Door::LineWorks),
    ("https://api.resend.com", Face::Resend, Door::Resend),
];

pub(crate) struct WorldHttp(pub(crate) Mortal);

#[async_trait(?Send)]
impl Http for WorldHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let port = &self.0;
        port.life.step().await;
        let found =
            FACES.iter().find_map(|(base, face, door)| Some((request.url.strip_prefix(base)?, face, door)));
        let (path, face, door) = found.unwrap_or_else(|| panic!("a request to nobody: {}", request.url));
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
            path: path.to_owned(),
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
                format!("{} {path} -> {} after {after_ms}", request.method, reply.status)
            }
            Answer::Silence { accepted } => {
                format!("{} {path} -> silence, accepted {accepted}", request.method)
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
