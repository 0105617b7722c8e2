//! Compiled forms, so that a guide's schema is compiled once and not for every case.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jinban_api::guide::Guide;
use jinban_api::ids::GuideId;
use jsonschema::Validator;

use super::fit;

/// Versions that are kept compiled at most.
const MOST_KEPT: usize = 2_000;

type Kept = HashMap<(GuideId, u32), Option<Arc<Validator>>>;

/// Compiled forms by guide version. A published version's schema never changes.
#[derive(Debug, Default)]
pub struct Forms {
    kept: Mutex<Kept>,
}

impl Forms {
    /// The compiled form of a published guide version; `None` when it has no form.
    pub fn of(&self, guide: &Guide) -> Result<Option<Arc<Validator>>, String> {
        let key = (guide.id.clone(), guide.version);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = kept.get(&key) {
            return Ok(form.clone());
        }
        let form = fit::compile(guide)?.map(Arc::new);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, form.clone());
        Ok(form)
    }
}
