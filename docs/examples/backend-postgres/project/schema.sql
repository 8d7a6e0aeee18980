CREATE SCHEMA IF NOT EXISTS crg;
CREATE TABLE IF NOT EXISTS crg.file (path text PRIMARY KEY, owner text NOT NULL, size int NOT NULL);
INSERT INTO crg.file VALUES ('a.c', 'core', 100), ('b.c', 'core', 50), ('c.js', 'web', 80) ON CONFLICT DO NOTHING;
