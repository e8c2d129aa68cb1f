-- The first schema. The application id is the bytes "EXTC".
PRAGMA application_id = 1163416643;

CREATE TABLE IF NOT EXISTS extcontacts_schema (
	version INTEGER PRIMARY KEY,
	name    TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS ec_head (
	ws   TEXT NOT NULL,
	seq  INTEGER NOT NULL,
	hash BLOB NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (ws)
) WITHOUT ROWID;

-- The number of a row is a column, so that VACUUM keeps it: the text index, where
-- there is one, goes by it.
CREATE TABLE IF NOT EXISTS ec_contacts (
	doc         INTEGER PRIMARY KEY,
	ws          TEXT NOT NULL,
	id          TEXT NOT NULL,
	rev         INTEGER NOT NULL,
	state       INTEGER NOT NULL,
	created_seq INTEGER NOT NULL,
	search_text BLOB NOT NULL,
	body        BLOB NOT NULL,
	UNIQUE (ws, id)
);

CREATE TABLE IF NOT EXISTS ec_keys (
	ws TEXT NOT NULL,
	node INTEGER NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (ws, node)
);

CREATE TABLE IF NOT EXISTS ec_log (
	ws      TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	act     TEXT NOT NULL,
	part    INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	body    BLOB NOT NULL,
	hash    BLOB NOT NULL,
	act_sum BLOB NOT NULL,
	PRIMARY KEY (ws, seq),
	UNIQUE (ws, act, part)
);

CREATE TABLE IF NOT EXISTS ec_touched (
	ws  TEXT NOT NULL,
	id  TEXT NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (ws, id, seq)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ec_acts (
	ws        TEXT NOT NULL,
	id        TEXT NOT NULL,
	seq       INTEGER NOT NULL,
	kind      TEXT NOT NULL,
	actor     TEXT NOT NULL,
	at        INTEGER NOT NULL,
	source    TEXT NOT NULL,
	counts    BLOB NOT NULL,
	undoes    TEXT NOT NULL,
	undone_by TEXT NOT NULL,
	PRIMARY KEY (ws, id),
	UNIQUE (ws, seq)
);

CREATE TABLE IF NOT EXISTS ec_activities (
	ws       TEXT NOT NULL,
	id       TEXT NOT NULL,
	contact  TEXT NOT NULL,
	at       INTEGER NOT NULL,
	ref_hash INTEGER NOT NULL,
	ref      TEXT NOT NULL,
	kind     TEXT NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (ws, id)
);
CREATE INDEX IF NOT EXISTS ec_activities_contact ON ec_activities (ws, contact, at, id);
CREATE INDEX IF NOT EXISTS ec_activities_ref ON ec_activities (ws, contact, ref_hash, at, id);

CREATE TABLE IF NOT EXISTS ec_records (
	ws   TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	rev  INTEGER NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (ws, kind, name)
);
