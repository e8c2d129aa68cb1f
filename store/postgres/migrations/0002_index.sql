-- The blocks of the text index of each workspace that has one. It takes the
-- place of one of pg_trgm's.
CREATE TABLE IF NOT EXISTS ec_index (
	ws    TEXT COLLATE "C" NOT NULL,
	block BIGINT NOT NULL,
	body  BYTEA NOT NULL,
	PRIMARY KEY (ws, block)
);
ALTER TABLE ec_index SET (toast_tuple_target = 8160);
ALTER TABLE ec_index ALTER COLUMN ws SET STATISTICS 10, ALTER COLUMN block SET STATISTICS 10,
	ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN body SET STATISTICS 0;
DROP INDEX IF EXISTS ec_contacts_text;
