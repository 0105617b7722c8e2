//! What the platform counts about itself, in the text that Prometheus reads. Nothing in it is about a person.

use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the classes of duration, in seconds. A quarter of a second is what is promised.
const DURATIONS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Counters and durations since the process began.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    cases: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("jinban_platform");
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let durations: Family<Asked, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(DURATIONS));
        let help = "Time from request to answer, in seconds";
        registry.register("request_duration_seconds", help, durations.clone());
        let cases = Counter::default();
        registry.register("cases_taken", "Cases taken in", cases.clone());
        Self {
            registry,
            requests,
            durations,
            cases,
        }
    }
}

impl Metrics {
    /// Counts a request. `route` is the pattern of the address, never the address: that may name a case.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = name(method);
        let route = route.to_owned();
        let asked = Asked {
            method,
            route: route.clone(),
        };
        self.durations
            .get_or_create(&asked)
            .observe(took.as_secs_f64());
        let answered = Answered {
            method,
            route,
            status: u32::from(status),
        };
        self.requests.get_or_create(&answered).inc();
    }

    /// Counts a case that is here now.
    pub fn case_taken(&self) {
        self.cases.inc();
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Anybody may invent a method, and every name is counted apart.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
