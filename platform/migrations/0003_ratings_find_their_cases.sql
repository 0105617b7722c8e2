-- A rating and its case may arrive at the same moment, at two processes: the keys say that they belong together,
-- whichever came first.

CREATE TABLE ratings_by_key (
    idempotency_key TEXT PRIMARY KEY,
    fingerprint     TEXT NOT NULL,
    case_key        TEXT NOT NULL UNIQUE,
    terminal        TEXT NOT NULL REFERENCES terminals (id),
    channel         BIGINT NOT NULL,
    satisfaction    BIGINT NOT NULL,
    reasons         TEXT NOT NULL,
    rated_at        TEXT NOT NULL,
    received_at     TEXT NOT NULL
);
INSERT INTO ratings_by_key
    SELECT idempotency_key, fingerprint, case_key, terminal, channel, satisfaction, reasons, rated_at, received_at
    FROM ratings;
DROP TABLE ratings;
ALTER TABLE ratings_by_key RENAME TO ratings;
CREATE INDEX ratings_by_terminal ON ratings (terminal);
