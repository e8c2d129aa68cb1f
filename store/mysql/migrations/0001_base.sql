-- The first schema. The workspace leads every key, so that the tables can be
-- distributed by it. Texts are bytes: no collation, padding or character set
-- of the server has a say in which of them are equal.
CREATE TABLE IF NOT EXISTS extcontacts_schema (
	version BIGINT NOT NULL,
	name    VARBINARY(255) NOT NULL,
	PRIMARY KEY (version)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_head (
	ws   VARBINARY(255) NOT NULL,
	seq  BIGINT NOT NULL,
	hash BINARY(32) NOT NULL,
	size BIGINT NOT NULL,
	PRIMARY KEY (ws)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_contacts (
	ws          VARBINARY(255) NOT NULL,
	id          VARBINARY(255) NOT NULL,
	rev         BIGINT NOT NULL,
	state       BIGINT NOT NULL,
	created_seq BIGINT NOT NULL,
	search_text LONGBLOB NOT NULL,
	body        LONGBLOB NOT NULL,
	PRIMARY KEY (ws, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_keys (
	ws VARBINARY(255) NOT NULL,
	node BIGINT NOT NULL,
	body LONGBLOB NOT NULL,
	PRIMARY KEY (ws, node)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_log (
	ws      VARBINARY(255) NOT NULL,
	seq     BIGINT NOT NULL,
	act     VARBINARY(255) NOT NULL,
	part    BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	body    LONGBLOB NOT NULL,
	hash    BINARY(32) NOT NULL,
	act_sum BINARY(32) NOT NULL,
	PRIMARY KEY (ws, seq),
	UNIQUE (ws, act, part)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_touched (
	ws  VARBINARY(255) NOT NULL,
	id  VARBINARY(255) NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (ws, id, seq)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_acts (
	ws        VARBINARY(255) NOT NULL,
	id        VARBINARY(255) NOT NULL,
	seq       BIGINT NOT NULL,
	kind      VARBINARY(255) NOT NULL,
	actor     VARBINARY(255) NOT NULL,
	at        BIGINT NOT NULL,
	source    LONGBLOB NOT NULL,
	counts    BLOB NOT NULL,
	undoes    VARBINARY(255) NOT NULL,
	undone_by VARBINARY(255) NOT NULL,
	PRIMARY KEY (ws, id),
	UNIQUE (ws, seq)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_activities (
	ws       VARBINARY(255) NOT NULL,
	id       VARBINARY(255) NOT NULL,
	contact  VARBINARY(255) NOT NULL,
	at       BIGINT NOT NULL,
	ref_hash BIGINT NOT NULL,
	ref      LONGBLOB NOT NULL,
	kind     VARBINARY(255) NOT NULL,
	body     LONGBLOB NOT NULL,
	PRIMARY KEY (ws, id),
	KEY ec_activities_contact (ws, contact, at, id),
	KEY ec_activities_ref (ws, contact, ref_hash, at, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS ec_records (
	ws   VARBINARY(255) NOT NULL,
	kind VARBINARY(255) NOT NULL,
	name VARBINARY(1024) NOT NULL,
	rev  BIGINT NOT NULL,
	body LONGBLOB NOT NULL,
	PRIMARY KEY (ws, kind, name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
