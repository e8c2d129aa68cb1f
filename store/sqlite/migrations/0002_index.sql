-- The blocks of the text index of each workspace that has one. It takes the
-- place of one of FTS5's.
CREATE TABLE IF NOT EXISTS ec_index (
	ws    TEXT NOT NULL,
	block INTEGER NOT NULL,
	body  BLOB NOT NULL,
	PRIMARY KEY (ws, block)
);
DROP TABLE IF EXISTS ec_text;
