-- One row a guide, as the platform sent it.
CREATE TABLE guides (
    id      TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    json    TEXT NOT NULL
) STRICT;

-- Exactly one row: what the guides above are a copy of.
CREATE TABLE state (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    revision  INTEGER NOT NULL,
    synced_at TEXT,
    themes    TEXT NOT NULL
) STRICT;
