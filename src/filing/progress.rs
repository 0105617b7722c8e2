//! Progress of a card holder's cases: where they stand here, and what the platform says.

use jinban_api::case::CaseProgress;
use jinban_api::ids::{CaseNumber, QueryCode};

use super::service::Filing;
use super::view::CaseView;
use crate::platform::PlatformError;
use crate::vault::HolderKey;

/// One of the holder's cases with the platform's word on it.
#[derive(Clone, Debug, PartialEq)]
pub struct MyCase {
    /// Where it stands here.
    pub case: CaseView,
    /// Where it stands there; nothing while the platform does not have it.
    pub progress: Option<Result<CaseProgress, PlatformError>>,
}

impl Filing {
    /// The holder's cases, newest first, each with the platform's word where it has one. The platform is asked
    /// about all of them at once.
    pub async fn my_cases(&self, holder: &HolderKey) -> Vec<MyCase> {
        let mut asked = Vec::new();
        for case in self.cases_of(holder).await {
            let question = case.official.clone().map(|official| {
                let platform = self.platform().clone();
                tokio::spawn(async move {
                    platform
                        .progress(&official.number, &official.query_code)
                        .await
                })
            });
            asked.push((case, question));
        }
        let mut cases = Vec::with_capacity(asked.len());
        for (case, question) in asked {
            let progress = match question {
                None => None,
                Some(answer) => Some(answer.await.unwrap_or(Err(PlatformError::Unreachable))),
            };
            cases.push(MyCase { case, progress });
        }
        cases
    }

    /// Progress of a case by the number and code on its receipt.
    pub async fn progress(
        &self,
        number: &CaseNumber,
        code: &QueryCode,
    ) -> Result<CaseProgress, PlatformError> {
        self.platform().progress(number, code).await
    }
}
