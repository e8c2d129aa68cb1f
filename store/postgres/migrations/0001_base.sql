-- The first schema. The workspace leads every key, so that the tables can be
-- distributed by it; texts compare byte by byte whatever the database does.
CREATE TABLE IF NOT EXISTS extcontacts_schema (
	version BIGINT NOT NULL,
	name    TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (version)
);

CREATE TABLE IF NOT EXISTS ec_head (
	ws   TEXT COLLATE "C" NOT NULL,
	seq  BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	size BIGINT NOT NULL,
	PRIMARY KEY (ws)
);

CREATE TABLE IF NOT EXISTS ec_contacts (
	ws          TEXT COLLATE "C" NOT NULL,
	id          TEXT COLLATE "C" NOT NULL,
	rev         BIGINT NOT NULL,
	state       BIGINT NOT NULL,
	created_seq BIGINT NOT NULL,
	search_text BYTEA NOT NULL,
	body        BYTEA NOT NULL,
	PRIMARY KEY (ws, id)
);

CREATE TABLE IF NOT EXISTS ec_keys (
	ws TEXT COLLATE "C" NOT NULL,
	node BIGINT NOT NULL,
	body BYTEA NOT NULL,
	PRIMARY KEY (ws, node)
);

CREATE TABLE IF NOT EXISTS ec_log (
	ws      TEXT COLLATE "C" NOT NULL,
	seq     BIGINT NOT NULL,
	act     TEXT COLLATE "C" NOT NULL,
	part    BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	body    BYTEA NOT NULL,
	hash    BYTEA NOT NULL,
	act_sum BYTEA NOT NULL,
	PRIMARY KEY (ws, seq),
	UNIQUE (ws, act, part)
);

CREATE TABLE IF NOT EXISTS ec_touched (
	ws  TEXT COLLATE "C" NOT NULL,
	id  TEXT COLLATE "C" NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (ws, id, seq)
);

CREATE TABLE IF NOT EXISTS ec_acts (
	ws        TEXT COLLATE "C" NOT NULL,
	id        TEXT COLLATE "C" NOT NULL,
	seq       BIGINT NOT NULL,
	kind      TEXT COLLATE "C" NOT NULL,
	actor     TEXT COLLATE "C" NOT NULL,
	at        BIGINT NOT NULL,
	source    TEXT COLLATE "C" NOT NULL,
	counts    BYTEA NOT NULL,
	undoes    TEXT COLLATE "C" NOT NULL,
	undone_by TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (ws, id),
	UNIQUE (ws, seq)
);

CREATE TABLE IF NOT EXISTS ec_activities (
	ws       TEXT COLLATE "C" NOT NULL,
	id       TEXT COLLATE "C" NOT NULL,
	contact  TEXT COLLATE "C" NOT NULL,
	at       BIGINT NOT NULL,
	ref_hash BIGINT NOT NULL,
	ref      TEXT COLLATE "C" NOT NULL,
	kind     TEXT COLLATE "C" NOT NULL,
	body     BYTEA NOT NULL,
	PRIMARY KEY (ws, id)
);
CREATE INDEX IF NOT EXISTS ec_activities_contact ON ec_activities (ws, contact, at, id);
CREATE INDEX IF NOT EXISTS ec_activities_ref ON ec_activities (ws, contact, ref_hash, at, id);

CREATE TABLE IF NOT EXISTS ec_records (
	ws   TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	rev  BIGINT NOT NULL,
	body BYTEA NOT NULL,
	PRIMARY KEY (ws, kind, name)
);

-- What the planner should know is how large a workspace is, for which a small
-- sample will do; no query goes by the columns of which it knows nothing.
ALTER TABLE ec_contacts ALTER COLUMN ws SET STATISTICS 10, ALTER COLUMN id SET STATISTICS 10, ALTER COLUMN rev SET STATISTICS 0,
	ALTER COLUMN state SET STATISTICS 0, ALTER COLUMN created_seq SET STATISTICS 0,
	ALTER COLUMN search_text SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE ec_log ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN hash SET STATISTICS 0, ALTER COLUMN act_sum SET STATISTICS 0;
ALTER TABLE ec_acts ALTER COLUMN source SET STATISTICS 0, ALTER COLUMN counts SET STATISTICS 0;
ALTER TABLE ec_activities ALTER COLUMN ref SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;

-- A node of keys is rewritten with each batch: as it is, in its row.
ALTER TABLE ec_keys SET (toast_tuple_target = 8160, fillfactor = 50);
ALTER TABLE ec_keys ALTER COLUMN ws SET STATISTICS 10, ALTER COLUMN node SET STATISTICS 10,
	ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN body SET STATISTICS 0;

-- Seals, digests and the claims of imports do not get smaller.
ALTER TABLE ec_log ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE ec_records ALTER COLUMN body SET STORAGE EXTERNAL;
