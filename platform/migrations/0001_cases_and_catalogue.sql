-- One set of statements for SQLite and PostgreSQL: text, integers, upserts, no vendor functions.
-- Times are RFC 3339 in UTC, days are YYYY-MM-DD.

CREATE TABLE terminals (
    id          TEXT PRIMARY KEY,
    area        TEXT NOT NULL,
    place       TEXT NOT NULL,
    enrolled_at TEXT NOT NULL
);

-- A machine that was replaced has a second key; what the first one signed is still to arrive.
CREATE TABLE terminal_keys (
    key_id      TEXT PRIMARY KEY,
    terminal    TEXT NOT NULL REFERENCES terminals (id),
    public_key  TEXT NOT NULL,
    enrolled_at TEXT NOT NULL,
    revoked_at  TEXT
);

-- One row: the revision of the whole catalogue and the theme tiles.
CREATE TABLE catalogue (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL,
    themes   TEXT NOT NULL
);
INSERT INTO catalogue (id, revision, themes) VALUES (1, 0, '[]');

CREATE TABLE guides (
    id           TEXT PRIMARY KEY,
    version      BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    withdrawn_at TEXT
);
CREATE INDEX guides_by_revision ON guides (revision);

-- Old versions stay: a draft pins the version it was filled against.
CREATE TABLE guide_versions (
    guide   TEXT NOT NULL REFERENCES guides (id),
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (guide, version)
);

-- The last number given out, for each division and day.
CREATE TABLE number_series (
    area TEXT NOT NULL,
    day  TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (area, day)
);

CREATE TABLE cases (
    number            TEXT PRIMARY KEY,
    idempotency_key   TEXT NOT NULL UNIQUE,
    fingerprint       TEXT NOT NULL,
    submission_digest TEXT NOT NULL UNIQUE,
    terminal          TEXT NOT NULL REFERENCES terminals (id),
    local_number      TEXT NOT NULL,
    guide             TEXT NOT NULL,
    guide_version     BIGINT NOT NULL,
    guide_name        TEXT NOT NULL,
    submitted_at      TEXT NOT NULL,
    clock_trusted     BIGINT NOT NULL,
    received_at       TEXT NOT NULL,
    query_code        TEXT NOT NULL,
    promised_by       TEXT,
    receipt           TEXT NOT NULL,
    envelope          TEXT NOT NULL,
    state             TEXT NOT NULL,
    FOREIGN KEY (guide, guide_version) REFERENCES guide_versions (guide, version)
);
CREATE INDEX cases_by_state ON cases (state, received_at);

-- What was inside the envelope; apart, so that access to it can be.
CREATE TABLE case_contents (
    number  TEXT PRIMARY KEY REFERENCES cases (number),
    content TEXT NOT NULL
);

CREATE TABLE case_pages (
    number   TEXT NOT NULL REFERENCES cases (number),
    position BIGINT NOT NULL,
    digest   TEXT NOT NULL,
    length   BIGINT NOT NULL,
    PRIMARY KEY (number, position)
);
CREATE INDEX case_pages_by_digest ON case_pages (digest);

CREATE TABLE case_steps (
    number   TEXT NOT NULL REFERENCES cases (number),
    position BIGINT NOT NULL,
    state    TEXT NOT NULL,
    at       TEXT NOT NULL,
    remark   TEXT,
    PRIMARY KEY (number, position)
);

-- A rating may be here before its case; `number` is filled in when the case arrives.
CREATE TABLE ratings (
    idempotency_key TEXT PRIMARY KEY,
    fingerprint     TEXT NOT NULL,
    case_key        TEXT NOT NULL UNIQUE,
    number          TEXT REFERENCES cases (number),
    terminal        TEXT NOT NULL REFERENCES terminals (id),
    channel         BIGINT NOT NULL,
    satisfaction    BIGINT NOT NULL,
    reasons         TEXT NOT NULL,
    rated_at        TEXT NOT NULL,
    received_at     TEXT NOT NULL
);
