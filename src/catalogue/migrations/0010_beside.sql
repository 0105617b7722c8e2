-- What is published beside the guides, as the platform sent it.
CREATE TABLE documents (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- At most one row: where in the platform's feed this copy stands.
CREATE TABLE feed (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    feed    TEXT NOT NULL,
    number  INTEGER NOT NULL,
    chain   TEXT NOT NULL,
    said_at TEXT NOT NULL
) STRICT;
