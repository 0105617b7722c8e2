//! What an HTTP answer is worth: only what the contract documents counts.

use jinban_api::problem::{Problem, ProblemKind};
use serde::de::DeserializeOwned;

use super::PlatformError;

/// An answer with its body, read whole.
pub(super) struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as `T` when the status is one of `good`; otherwise what went wrong.
    pub(super) fn json<T: DeserializeOwned>(&self, good: &[u16]) -> Result<T, PlatformError> {
        self.expect(good)?;
        serde_json::from_slice(&self.body).map_err(|_| self.nonsense())
    }

    /// Nothing but the status matters, and it must be one of `good`.
    pub(super) fn expect(&self, good: &[u16]) -> Result<(), PlatformError> {
        if good.contains(&self.status) {
            Ok(())
        } else {
            Err(self.failure())
        }
    }

    fn nonsense(&self) -> PlatformError {
        PlatformError::Nonsense {
            status: self.status,
        }
    }

    /// The platform's own problem, or our reading of a bare status. A page in HTML is never the platform's:
    /// captive portals and gateways answer in it.
    fn failure(&self) -> PlatformError {
        if let Ok(problem) = serde_json::from_slice::<Problem>(&self.body)
            && (400..600).contains(&self.status)
        {
            return PlatformError::Refused(problem);
        }
        let html =
            self.content_type.contains("html") || self.body.trim_ascii_start().starts_with(b"<");
        match bare_refusal(self.status) {
            Some(kind) if !html => PlatformError::Refused(Problem {
                kind,
                title: String::new(),
                status: self.status,
                detail: None,
                missing: Vec::new(),
            }),
            _ => self.nonsense(),
        }
    }
}

/// Statuses that say by themselves that the same request will not do better next time.
fn bare_refusal(status: u16) -> Option<ProblemKind> {
    match status {
        400 | 415 => Some(ProblemKind::Malformed),
        413 => Some(ProblemKind::TooLarge),
        409 | 422 => Some(ProblemKind::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn answer(status: u16, content_type: &str, body: &str) -> Answer {
        Answer {
            status,
            content_type: content_type.into(),
            body: body.into(),
        }
    }

    #[test]
    fn a_captive_portals_page_is_neither_success_nor_refusal() {
        for status in [200, 302, 400, 403, 404, 409, 413, 500, 511] {
            for content_type in ["text/html", ""] {
                let page = answer(status, content_type, " <html>请登录</html>");
                assert_eq!(
                    page.json::<Problem>(&[200, 201]),
                    Err(PlatformError::Nonsense { status })
                );
            }
        }
    }

    #[test]
    fn a_problem_is_understood_and_an_unknown_kind_survives() {
        let text = r#"{"type":"urn:jinban:problem:key-reused","title":"重复","status":409}"#;
        let Err(PlatformError::Refused(problem)) = answer(409, "", text).expect(&[200]) else {
            panic!()
        };
        assert_eq!(problem.kind, ProblemKind::KeyReused);
        let text = r#"{"type":"urn:example:new","title":"新","status":418}"#;
        let Err(PlatformError::Refused(problem)) = answer(418, "", text).expect(&[200]) else {
            panic!()
        };
        assert_eq!(problem.kind, ProblemKind::Other);
    }

    #[test]
    fn a_bare_status_that_cannot_get_better_is_a_refusal() {
        assert!(matches!(
            answer(413, "text/plain", "too long").expect(&[200]),
            Err(PlatformError::Refused(_))
        ));
        assert_eq!(
            answer(503, "text/plain", "").expect(&[200]),
            Err(PlatformError::Nonsense { status: 503 })
        );
        assert_eq!(
            answer(404, "text/plain", "").expect(&[200]),
            Err(PlatformError::Nonsense { status: 404 })
        );
    }

    #[test]
    fn an_undocumented_success_is_none() {
        assert_eq!(
            answer(204, "", "").expect(&[200, 201]),
            Err(PlatformError::Nonsense { status: 204 })
        );
    }
}
