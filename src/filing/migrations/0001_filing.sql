-- What the terminal keeps of cases. Everything personal is sealed: drafts, pages and slips under the device
-- key, envelopes and queued pages under a key that only the platform has.

CREATE TABLE draft (
    key           TEXT PRIMARY KEY,
    guide         TEXT NOT NULL,
    guide_version INTEGER NOT NULL,
    holder        BLOB,
    updated_at    INTEGER NOT NULL, -- milliseconds since 1970
    sealed        BLOB NOT NULL
) STRICT;
CREATE INDEX draft_by_holder ON draft (holder, updated_at);

CREATE TABLE draft_page (
    draft  TEXT NOT NULL REFERENCES draft (key) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (draft, id)
) STRICT;

CREATE TABLE filed_case (
    key             TEXT PRIMARY KEY,
    guide           TEXT NOT NULL,
    guide_version   INTEGER NOT NULL,
    guide_name      TEXT NOT NULL,
    holder          BLOB,
    local_number    TEXT NOT NULL,
    local_day       TEXT NOT NULL,
    submitted_at    TEXT NOT NULL,
    clock_trusted   INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'acknowledged', 'attention', 'withdrawn')),
    attention       TEXT,
    attempts        INTEGER NOT NULL DEFAULT 0,
    last_error      TEXT,
    digest          TEXT NOT NULL,
    envelope        TEXT,
    slip            BLOB NOT NULL, -- what a reprinted receipt says, sealed
    receipt         BLOB,          -- the platform's signed receipt, sealed
    CHECK ((state = 'attention') = (attention IS NOT NULL)),
    CHECK ((state = 'acknowledged') = (receipt IS NOT NULL)),
    CHECK ((state IN ('queued', 'sending', 'attention')) = (envelope IS NOT NULL)),
    UNIQUE (local_day, local_number)
) STRICT;
CREATE INDEX filed_case_by_holder ON filed_case (holder, submitted_at);
CREATE INDEX filed_case_by_state ON filed_case (state);

CREATE TABLE case_page (
    filed_case TEXT NOT NULL REFERENCES filed_case (key) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (filed_case, position)
) STRICT;

-- The last local number minted on a day.
CREATE TABLE day_sequence (
    day  TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE rating (
    filed_case   TEXT PRIMARY KEY REFERENCES filed_case (key),
    key          TEXT NOT NULL UNIQUE,
    satisfaction TEXT NOT NULL,
    reasons      TEXT NOT NULL, -- JSON array of codes
    rated_at     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('queued', 'taken', 'already-rated', 'refused'))
) STRICT;

CREATE TABLE print_job (
    id         TEXT PRIMARY KEY,
    filed_case TEXT NOT NULL,
    slip       TEXT NOT NULL CHECK (slip IN ('local', 'official')),
    copy       INTEGER NOT NULL, -- 0 is the first, n is 副本 n
    state      TEXT NOT NULL CHECK (state IN ('intended', 'sent', 'confirmed', 'unconfirmed', 'abandoned')),
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_by_case ON print_job (filed_case, slip);
