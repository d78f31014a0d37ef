-- The first shape of the store. Money is text (exact decimals), times are Unix seconds,
-- a "content" is a distinct sequence of bytes, a "file" is a path that has one.

CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    dhash INTEGER,                       -- 64 bits, signed
    side TEXT,
    place INTEGER,                       -- in the training order
    excluded INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0    -- usable files that have this content now
) STRICT;
CREATE INDEX contents_side ON contents (side);

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    folded TEXT NOT NULL,                -- path for searching and sorting: NFC, case-folded
    name TEXT NOT NULL,                  -- last part of folded
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    content_id INTEGER REFERENCES contents (id),
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    flag TEXT,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX files_folded ON files (folded);
CREATE INDEX files_name ON files (name);
CREATE INDEX files_size ON files (size);
CREATE INDEX files_pixels ON files (width * height);
CREATE INDEX files_content ON files (content_id, path) WHERE flag IS NULL;
CREATE INDEX files_flag ON files (flag) WHERE flag IS NOT NULL;

CREATE TRIGGER files_added AFTER INSERT ON files WHEN NEW.flag IS NULL
BEGIN
    UPDATE contents SET copies = copies + 1 WHERE id = NEW.content_id;
END;
CREATE TRIGGER files_removed AFTER DELETE ON files WHEN OLD.flag IS NULL
BEGIN
    UPDATE contents SET copies = copies - 1 WHERE id = OLD.content_id;
END;
CREATE TRIGGER files_changed AFTER UPDATE OF content_id, flag ON files
WHEN OLD.content_id IS NOT NEW.content_id OR OLD.flag IS NOT NEW.flag
BEGIN
    UPDATE contents SET copies = copies - 1 WHERE id = OLD.content_id AND OLD.flag IS NULL;
    UPDATE contents SET copies = copies + 1 WHERE id = NEW.content_id AND NEW.flag IS NULL;
END;

-- Paths that once had a content: gone, or replaced by other bytes.
CREATE TABLE past_files (
    content_id INTEGER NOT NULL REFERENCES contents (id),
    path TEXT NOT NULL,
    until REAL NOT NULL
) STRICT;
CREATE INDEX past_files_content ON past_files (content_id);

CREATE TABLE prepared (
    key TEXT NOT NULL,                   -- what decides the bytes that are sent
    content_id INTEGER NOT NULL REFERENCES contents (id),
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size INTEGER NOT NULL,
    flag TEXT,
    reason TEXT NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (key, content_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    base_model TEXT NOT NULL,
    student TEXT,
    system TEXT NOT NULL,
    user TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    max_tokens INTEGER NOT NULL,
    temperature REAL NOT NULL,
    top_p REAL NOT NULL,
    prepare_key TEXT NOT NULL,
    started REAL NOT NULL,
    -- Totals, kept in the transaction that changes what they sum up.
    advanced REAL NOT NULL,
    active_seconds REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    estimated_tokens INTEGER NOT NULL DEFAULT 0,   -- input, of answered calls
    latency_ms INTEGER NOT NULL DEFAULT 0,
    usd TEXT NOT NULL DEFAULT '0',
    unknown INTEGER NOT NULL DEFAULT 0,            -- ended attempts with unknown outcome
    usd_unknown TEXT NOT NULL DEFAULT '0',
    unpriced INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row for each time a process held a run.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    pid INTEGER NOT NULL,
    started REAL NOT NULL,
    ended REAL
) STRICT;
CREATE INDEX sessions_open ON sessions (run_id) WHERE ended IS NULL;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- a withdrawn one is never given again
    run_id INTEGER NOT NULL REFERENCES runs (id),
    content_id INTEGER NOT NULL REFERENCES contents (id),
    begun REAL NOT NULL,
    ended REAL,
    estimated_tokens INTEGER NOT NULL,
    failure TEXT,
    code TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    unknown INTEGER NOT NULL DEFAULT 0,
    usd TEXT,                            -- price; the highest one while the outcome is unknown
    session_id INTEGER NOT NULL REFERENCES sessions (id)
) STRICT;
CREATE INDEX attempts_open ON attempts (run_id) WHERE ended IS NULL;
CREATE INDEX attempts_content ON attempts (run_id, content_id);

CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    content_id INTEGER NOT NULL REFERENCES contents (id),
    attempt_id INTEGER REFERENCES attempts (id),   -- none: imported
    at REAL NOT NULL,
    text TEXT NOT NULL,
    stop_reason TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    latency_ms INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    usd TEXT,
    -- The verdict can be made again from the text.
    keywords TEXT NOT NULL,
    words INTEGER NOT NULL,
    failure TEXT,
    remark TEXT NOT NULL
) STRICT;
CREATE INDEX answers_content ON answers (run_id, content_id);

-- Where each picture of each run stands; follows from attempts and answers.
CREATE TABLE states (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    content_id INTEGER NOT NULL REFERENCES contents (id),
    state TEXT NOT NULL,
    failure TEXT,
    answer_id INTEGER,                   -- the usable answer, else the latest
    attempt_id INTEGER,                  -- the latest
    session_id INTEGER,
    words INTEGER,                       -- keywords of that answer
    PRIMARY KEY (run_id, content_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX states_state ON states (run_id, state, failure);

CREATE TABLE scores (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    content_id INTEGER NOT NULL REFERENCES contents (id),
    jaccard REAL NOT NULL,
    PRIMARY KEY (run_id, content_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scores_jaccard ON scores (run_id, jaccard);

CREATE TABLE records_files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    records INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    key TEXT NOT NULL,
    built REAL NOT NULL
) STRICT;

CREATE TABLE uploads (
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    etag TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    name TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    student TEXT NOT NULL,
    token TEXT NOT NULL,
    base_model TEXT NOT NULL,
    hyperparameters TEXT NOT NULL,       -- JSON
    region TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    training_uri TEXT NOT NULL,
    validation_uri TEXT,
    output_uri TEXT NOT NULL,
    records INTEGER NOT NULL,
    created REAL NOT NULL,
    tokens INTEGER,
    usd TEXT,
    arn TEXT,
    status TEXT NOT NULL,
    stages TEXT NOT NULL,                -- JSON
    failure TEXT NOT NULL,
    started REAL,
    ended REAL,
    seen REAL,
    model_arn TEXT
) STRICT;

CREATE TABLE losses (
    job TEXT NOT NULL REFERENCES jobs (name),
    kind TEXT NOT NULL,                  -- training, validation
    place INTEGER NOT NULL,              -- in the metrics file
    step INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    loss REAL NOT NULL,
    perplexity REAL NOT NULL,
    PRIMARY KEY (job, kind, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE students (
    name TEXT PRIMARY KEY,
    arn TEXT NOT NULL,
    base_model TEXT NOT NULL,
    job TEXT NOT NULL,
    size INTEGER NOT NULL,
    created REAL NOT NULL,
    deleted REAL
) STRICT;

CREATE TABLE deployments (
    name TEXT PRIMARY KEY,
    student TEXT NOT NULL,
    token TEXT NOT NULL,
    created REAL NOT NULL,
    arn TEXT,
    status TEXT NOT NULL,
    deleted REAL
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    facts TEXT NOT NULL,                 -- JSON
    at REAL NOT NULL
) STRICT;

CREATE TABLE plans (
    id INTEGER PRIMARY KEY,
    verb TEXT NOT NULL,
    text TEXT NOT NULL,
    facts TEXT NOT NULL,                 -- JSON
    at REAL NOT NULL
) STRICT;
