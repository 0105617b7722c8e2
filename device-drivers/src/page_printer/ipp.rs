//! The five questions that are asked of a printer, each answered within a deadline.

use std::io::Cursor;
use std::time::Duration;

use ::ipp::attribute::{IppAttribute, IppAttributes};
use ::ipp::model::{DelimiterTag, IppVersion, Operation, StatusCode};
use ::ipp::parser::{IppParseError, IppParser};
use ::ipp::request::IppRequestResponse;
use ::ipp::value::IppValue;
use http::Uri;

use super::BadPrinterUri;
use super::abilities::{Abilities, Format, number, values};
use super::job::{JobId, JobReport};
use super::status::RawPageStatus;
use crate::status::{Fault, FaultKind};

/// Who asks; jobs of this name are ours.
const USER: &str = "jinban";
/// A printer that sleeps takes a while to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// Pages take their time over a slow line.
const SEND_WITHIN: Duration = Duration::from_secs(90);
/// No answer about one printer or job is longer.
const LONGEST_ANSWER: usize = 4 << 20;

/// What is asked of a printer whenever its state matters.
const ASKED: [&str; 7] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "document-format-supported",
    "pwg-raster-document-resolution-supported",
    "pwg-raster-document-type-supported",
];

/// Where a printer is.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// As it is named within requests.
    uri: Uri,
    /// As it is reached.
    url: String,
}

impl Target {
    pub(super) fn of(address: &str) -> Result<Self, BadPrinterUri> {
        let malformed = || BadPrinterUri::Malformed(address.to_owned());
        let uri: Uri = address.parse().map_err(|_| malformed())?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.authority()) else {
            return Err(malformed());
        };
        let url = match (scheme, host.port_u16()) {
            ("ipp", Some(_)) | ("http", _) => format!("http://{host}{}", uri.path()),
            ("ipp", None) => format!("http://{host}:631{}", uri.path()),
            _ => return Err(BadPrinterUri::Scheme(address.to_owned())),
        };
        Ok(Self { uri, url })
    }
}

/// Talks to one printer.
pub(super) struct Line {
    target: Target,
    http: reqwest::Client,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum IppTrouble {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("HTTP {0}")]
    Refused(u16),
    #[error("{0}")]
    Parse(#[from] IppParseError),
    #[error("the answer has no end")]
    Endless,
    #[error("{0}")]
    Status(StatusCode),
    #[error("the answer lacks what was asked")]
    Lacking,
}

impl IppTrouble {
    /// The same as a fault of the device.
    pub(super) fn fault(&self) -> Fault {
        let kind = match self {
            Self::Http(error) if error.is_connect() => FaultKind::PortMissing,
            Self::Http(_) => FaultKind::NoAnswer,
            Self::Refused(401 | 403) | Self::Status(StatusCode::ClientErrorNotAuthorized) => {
                FaultKind::PermissionDenied
            }
            Self::Refused(_) | Self::Parse(_) | Self::Endless | Self::Lacking => {
                FaultKind::WrongDevice
            }
            Self::Status(StatusCode::ServerErrorBusy) => FaultKind::PortBusy,
            Self::Status(_) => FaultKind::Unsupported,
        };
        Fault::new(kind, self.to_string())
    }
}

impl Line {
    pub(super) fn open(target: Target) -> Result<Self, IppTrouble> {
        // The client insists on a provider, also for lines without encryption; another that is there is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(ANSWER_WITHIN)
            // A printer is on this side of every proxy.
            .no_proxy()
            .build()?;
        Ok(Self { target, http })
    }

    /// How the printer is and what it can do.
    pub(super) async fn look(&self) -> Result<(RawPageStatus, Abilities), IppTrouble> {
        let wanted = ASKED
            .map(keyword)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let asked = operation("requested-attributes", IppValue::Array(wanted))?;
        let answer = self
            .ask(Operation::GetPrinterAttributes, vec![asked])
            .await?;
        let raw = RawPageStatus::read(&answer).ok_or(IppTrouble::Lacking)?;
        Ok((raw, Abilities::read(&answer)))
    }

    /// Hands a document over; the printer's number for the job.
    pub(super) async fn send(&self, format: Format, document: &[u8]) -> Result<JobId, IppTrouble> {
        let format = IppValue::new_mime_media_type(format.media_type())?;
        let mut request = self.request(Operation::PrintJob)?;
        for attribute in [
            operation("job-name", IppValue::new_name_without_language(USER)?)?,
            operation("document-format", format)?,
        ] {
            request
                .attributes_mut()
                .add(DelimiterTag::OperationAttributes, attribute);
        }
        for attribute in [
            operation("media", keyword("iso_a4_210x297mm")?)?,
            operation("sides", keyword("one-sided")?)?,
            operation("print-color-mode", keyword("monochrome")?)?,
        ] {
            request
                .attributes_mut()
                .add(DelimiterTag::JobAttributes, attribute);
        }
        let answer = self.exchange(request, document, SEND_WITHIN).await?;
        let group = answer.first_of(DelimiterTag::JobAttributes);
        let ids = group
            .map(|group| values(group, "job-id"))
            .unwrap_or_default();
        let id = ids.first().and_then(|id| number(id));
        id.map(JobId).ok_or(IppTrouble::Lacking)
    }

    /// How far a job is.
    pub(super) async fn job(&self, job: JobId) -> Result<JobReport, IppTrouble> {
        let id = operation("job-id", IppValue::Integer(job.0))?;
        let answer = self.ask(Operation::GetJobAttributes, vec![id]).await?;
        JobReport::read(&answer).ok_or(IppTrouble::Lacking)
    }

    /// Takes a job back.
    pub(super) async fn cancel(&self, job: JobId) -> Result<(), IppTrouble> {
        let id = operation("job-id", IppValue::Integer(job.0))?;
        self.ask(Operation::CancelJob, vec![id]).await.map(drop)
    }

    /// Jobs of ours that the printer has not finished.
    pub(super) async fn unfinished(&self) -> Result<Vec<JobId>, IppTrouble> {
        let asked = vec![
            operation("my-jobs", IppValue::Boolean(true))?,
            operation("which-jobs", keyword("not-completed")?)?,
        ];
        let answer = self.ask(Operation::GetJobs, asked).await?;
        let jobs = answer.groups_of(DelimiterTag::JobAttributes);
        let ids = jobs.filter_map(|job| values(job, "job-id").first().and_then(|id| number(id)));
        Ok(ids.map(JobId).collect())
    }

    fn request(&self, what: Operation) -> Result<IppRequestResponse, IppTrouble> {
        let uri = Some(self.target.uri.clone());
        let mut request = IppRequestResponse::new(IppVersion::v1_1(), what, uri)?;
        let user = IppValue::new_name_without_language(USER)?;
        let user = operation("requesting-user-name", user)?;
        request
            .attributes_mut()
            .add(DelimiterTag::OperationAttributes, user);
        Ok(request)
    }

    async fn ask(
        &self,
        what: Operation,
        attributes: Vec<IppAttribute>,
    ) -> Result<IppAttributes, IppTrouble> {
        let mut request = self.request(what)?;
        for attribute in attributes {
            request
                .attributes_mut()
                .add(DelimiterTag::OperationAttributes, attribute);
        }
        self.exchange(request, &[], ANSWER_WITHIN).await
    }

    async fn exchange(
        &self,
        request: IppRequestResponse,
        document: &[u8],
        within: Duration,
    ) -> Result<IppAttributes, IppTrouble> {
        let mut body = request.to_bytes().to_vec();
        body.extend_from_slice(document);
        let sent = self.http.post(&self.target.url).timeout(within);
        let sent = sent.header("content-type", "application/ipp").body(body);
        let mut response = sent.send().await?;
        if !response.status().is_success() {
            return Err(IppTrouble::Refused(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(part) = response.chunk().await? {
            answer.extend_from_slice(&part);
            if answer.len() > LONGEST_ANSWER {
                return Err(IppTrouble::Endless);
            }
        }
        read(answer)
    }
}

/// Reads an answer; one that reports a failure is one.
pub(super) fn read(answer: Vec<u8>) -> Result<IppAttributes, IppTrouble> {
    let answer = IppParser::new(::ipp::reader::IppReader::new(Cursor::new(answer))).parse()?;
    let status = answer.header().status_code();
    if !status.is_success() {
        return Err(IppTrouble::Status(status));
    }
    Ok(answer.attributes().clone())
}

fn operation(name: &str, value: IppValue) -> Result<IppAttribute, IppParseError> {
    IppAttribute::with_name(name, value)
}

fn keyword(word: &str) -> Result<IppValue, IppParseError> {
    IppValue::new_keyword(word)
}
