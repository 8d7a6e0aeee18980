CREATE TABLE file (path TEXT PRIMARY KEY, team TEXT NOT NULL, lines INTEGER NOT NULL);
INSERT INTO file VALUES ('a.c', 'core', 120), ('b.c', 'core', 80), ('c.c', 'web', 30);
