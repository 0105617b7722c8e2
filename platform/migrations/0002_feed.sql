-- The feed that terminals follow: signed batches, and what stands beside the guides.

-- One row: which feed this is, and the end of its chain.
CREATE TABLE feed (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    name   TEXT NOT NULL,
    number BIGINT NOT NULL,
    chain  TEXT NOT NULL
);

-- Files by their SM3 digest: payloads of batches, and attachments of guides.
CREATE TABLE blobs (
    digest  TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

-- Signed headers. For one number there may be both the changes and everything up to it.
CREATE TABLE batches (
    number  BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    header  TEXT NOT NULL,
    payload TEXT NOT NULL REFERENCES blobs (digest),
    length  BIGINT NOT NULL,
    PRIMARY KEY (number, kind)
);

-- Everything that is published beside guides, the theme tiles included.
CREATE TABLE documents (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

-- The feed gets its name and the beginning of its chain when the platform next starts.
INSERT INTO feed (id, name, number, chain) SELECT 1, '', revision, '' FROM catalogue;
INSERT INTO documents (kind, id, content) SELECT 'themes', 'themes', themes FROM catalogue WHERE revision > 0;
DROP TABLE catalogue;
