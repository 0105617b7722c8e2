-- What lists and search need of each guide: read whole at the start, while the guides themselves stay on disk.
CREATE TABLE entries (
    id   TEXT PRIMARY KEY NOT NULL,
    json TEXT NOT NULL
) STRICT;

-- Which form the entries have; entries in another form are made anew from the guides.
ALTER TABLE state ADD COLUMN entry_form INTEGER NOT NULL DEFAULT 0;

-- How often each guide was opened at this terminal, by nobody in particular.
CREATE TABLE usage (
    id     TEXT PRIMARY KEY NOT NULL,
    opened INTEGER NOT NULL
) STRICT;
