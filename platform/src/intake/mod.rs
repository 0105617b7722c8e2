//! Taking a case in: who hands it in, whether it can be read, whether it fits, and then exactly once.

mod fingerprint;
mod fit;
mod forms;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::offset;
use jinban_api::case::{CaseContent, CaseReceipt, CaseSubmission, Provided};
use jinban_api::ids::{CaseNumber, ContentDigest};
use ulid::Ulid;

pub use fingerprint::of_rating as rating_fingerprint;
pub use fit::compile as compile_form;
pub use forms::Forms;

use crate::crypto::{OpenedEnvelope, ReceivedEnvelope, hex};
use crate::platform::Platform;
use crate::query_code;
use crate::refusal::Refusal;
use crate::store::cases::{AcceptableCase, Intake, IntakeError, StoredCase};
use crate::store::catalogue::PublishedGuide;
use crate::store::pages::PageName;
use crate::store::terminals::Enrolled;

/// Pages of one case at most.
const MOST_PAGES: usize = 200;

/// Whether the case is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Taken in now.
    Now(CaseReceipt),
    /// Taken in before, with the same content; the receipt is the same, too.
    Before(CaseReceipt),
}

/// Takes `submission` in under `key`, the key in the request's header.
pub async fn take_in(
    platform: &Platform,
    key: Ulid,
    submission: CaseSubmission,
) -> Result<Taken, Refusal> {
    if key != submission.idempotency_key {
        return Err(Refusal::Malformed(
            "请求头里的编号和内容里的不一样。".to_owned(),
        ));
    }
    let envelope = ReceivedEnvelope::decode(&submission.envelope)
        .map_err(|_| Refusal::EnvelopeUnreadable("信封的格式不对。"))?;
    let signer = platform
        .database()
        .terminal_key(&submission.envelope.terminal_key_id)
        .await?
        .ok_or(Refusal::TerminalUnknown("这台终端的密钥没有登记。"))?;
    if signer.terminal.terminal != submission.terminal || !envelope.is_signed_by(&signer.key) {
        return Err(Refusal::TerminalUnknown("终端的签名核对不上。"));
    }

    let digest = hex(envelope.digest());
    let fingerprint = fingerprint::of_case(&submission, &digest);
    // Whoever repeats a case gets its receipt, even if the guide or the key is out of use by now.
    if let Some(stored) = platform.database().case_by_key(key).await? {
        return again(stored, &fingerprint);
    }
    if signer.revoked {
        return Err(Refusal::TerminalUnknown("这台终端的密钥已经停用。"));
    }
    let area = area_of(&submission, &signer.terminal)?;

    let opened = envelope
        .open(platform.keys())
        .map(Arc::new)
        .map_err(|_| Refusal::EnvelopeUnreadable("信封不是用本平台的密钥封的，或者内容有损坏。"))?;
    let content: CaseContent = serde_json::from_slice(opened.content_json())
        .map_err(|_| Refusal::EnvelopeUnreadable("信封里的内容格式不对。"))?;
    let published = pinned_guide(platform, &submission, &content).await?;
    judge(platform, &published, &content)?;
    check_pages(platform, &submission, &content, &opened).await?;

    let received_at = whole_seconds(Timestamp::now());
    let day = day_of(received_at);
    let limit = published.guide.promised().or(published.guide.legal());
    let case = AcceptableCase {
        submission: &submission,
        fingerprint: &fingerprint,
        submission_digest: &digest,
        guide_name: &published.guide.name,
        content: std::str::from_utf8(opened.content_json())
            .map_err(|_| Refusal::EnvelopeUnreadable("信封里的内容格式不对。"))?,
        area: &area,
        day,
        received_at,
        promised_by: limit.and_then(|limit| platform.calendar().due(day, limit)),
        query_code: query_code::fresh().ok_or(Refusal::Internal("no random numbers"))?,
    };
    let complete = |number| receipt(platform, &case, number);
    match platform.database().take_in(&case, complete).await {
        Ok(Intake::Taken(receipt)) => Ok(Taken::Now(receipt)),
        Ok(Intake::KeyTaken(stored)) => again(stored, &fingerprint),
        Ok(Intake::EnvelopeTaken) => Err(Refusal::KeyReused),
        Err(IntakeError::Storage(error)) => Err(error.into()),
        Err(IntakeError::NumbersUsedUp) => Err(Refusal::Internal("the day's numbers are used up")),
        Err(IntakeError::NotSigned) => Err(Refusal::Internal("the receipt could not be signed")),
    }
}

fn again(stored: StoredCase, fingerprint: &str) -> Result<Taken, Refusal> {
    if stored.fingerprint == fingerprint {
        Ok(Taken::Before(stored.receipt))
    } else {
        Err(Refusal::KeyReused)
    }
}

/// The division whose numbers apply: it must be where the terminal stands.
fn area_of(submission: &CaseSubmission, terminal: &Enrolled) -> Result<String, Refusal> {
    let area = submission.area.as_str();
    let here = terminal.area.as_str().get(..6);
    if here == Some(area) {
        Ok(area.to_owned())
    } else {
        Err(Refusal::TerminalUnknown("区划和终端登记的地方不一样。"))
    }
}

async fn pinned_guide(
    platform: &Platform,
    submission: &CaseSubmission,
    content: &CaseContent,
) -> Result<PublishedGuide, Refusal> {
    if content.guide != submission.guide || content.guide_version != submission.guide_version {
        return Err(Refusal::Malformed("信封里外写的事项不一样。".to_owned()));
    }
    let published = platform
        .database()
        .guide_version(&submission.guide, submission.guide_version)
        .await?
        .ok_or(Refusal::GuideNotTaken)?;
    // What was handed in while the item was still taken is taken, however long it was on its way. A terminal
    // whose clock was not trusted gets the benefit of the doubt.
    let too_late = published
        .withdrawn_at
        .is_some_and(|at| submission.clock_trusted && submission.submitted_at > at);
    if too_late {
        return Err(Refusal::GuideNotTaken);
    }
    Ok(published)
}

fn judge(
    platform: &Platform,
    published: &PublishedGuide,
    content: &CaseContent,
) -> Result<(), Refusal> {
    let form = platform
        .forms()
        .of(&published.guide)
        .map_err(|_| Refusal::Internal("a published form is unusable"))?;
    fit::judge(&published.guide, form.as_deref(), content)
        .map_err(|misfit| Refusal::AnswersInvalid(misfit.words()))
}

/// Every page must be here, be whole, and open with this case's key; every page that the content names must
/// be among those that were handed in.
async fn check_pages(
    platform: &Platform,
    submission: &CaseSubmission,
    content: &CaseContent,
    opened: &Arc<OpenedEnvelope>,
) -> Result<(), Refusal> {
    let malformed = |text: &str| Refusal::Malformed(text.to_owned());
    if submission.pages.len() > MOST_PAGES {
        return Err(malformed("材料的页数太多。"));
    }
    let unlisted = named_pages(content).any(|digest| {
        let mut listed = submission.pages.iter();
        !listed.any(|page| page.digest == *digest)
    });
    if unlisted {
        return Err(malformed("有的材料页没有列在清单上。"));
    }
    let mut names = Vec::with_capacity(submission.pages.len());
    let mut missing = Vec::new();
    for page in &submission.pages {
        let name = PageName::parse(page.digest.as_str())
            .ok_or_else(|| malformed("材料页的名称格式不对。"))?;
        match platform.pages().length(&name).await? {
            Some(length) if length == page.length => names.push(name),
            Some(_) => return Err(malformed("材料页的大小和清单上的不一样。")),
            None => missing.push(page.digest.clone()),
        }
    }
    if !missing.is_empty() {
        return Err(Refusal::PagesMissing(missing));
    }
    for name in names {
        let body = platform.pages().read(&name).await?;
        let opened = Arc::clone(opened);
        let opens = tokio::task::spawn_blocking(move || opened.open_page(&body).is_some());
        if !opens.await.unwrap_or(false) {
            return Err(Refusal::EnvelopeUnreadable("有一页材料打不开。"));
        }
    }
    Ok(())
}

fn named_pages(content: &CaseContent) -> impl Iterator<Item = &ContentDigest> {
    content
        .materials
        .iter()
        .filter_map(|material| match &material.provided {
            Provided::Pages { pages, .. } => Some(pages),
            _ => None,
        })
        .flatten()
        .map(|page| &page.digest)
}

/// The receipt, signed as [`CaseReceipt`] says.
fn receipt(
    platform: &Platform,
    case: &AcceptableCase<'_>,
    number: CaseNumber,
) -> Option<CaseReceipt> {
    let key = case.submission.idempotency_key;
    let received_at = case.received_at.to_string();
    let signed = format!(
        "jinban-receipt-1\n{key}\n{number}\n{}\n{}\n{received_at}",
        case.query_code, case.submission_digest
    );
    Some(CaseReceipt {
        idempotency_key: key,
        case_number: number,
        query_code: case.query_code.clone(),
        submission_digest: ContentDigest(case.submission_digest.to_owned()),
        received_at,
        promised_by: case.promised_by,
        platform_key_id: platform.keys().signing_key_id().to_owned(),
        signature: platform.keys().sign(signed.as_bytes())?,
    })
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// The day in Asia/Shanghai, which has had one offset and no summer time since 1991.
fn day_of(time: Timestamp) -> Date {
    offset(8).to_datetime(time).date()
}
