-- The blocks of the text index of each workspace that has one.
CREATE TABLE IF NOT EXISTS ec_index (
	ws    VARBINARY(255) NOT NULL,
	block BIGINT NOT NULL,
	body  LONGBLOB NOT NULL,
	PRIMARY KEY (ws, block)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
