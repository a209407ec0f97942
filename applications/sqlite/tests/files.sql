-- A database in a file: transactions, journals of both kinds, another connection, a check of all pages.
.bail off
.open test.db
PRAGMA journal_mode;
CREATE TABLE number(n INTEGER PRIMARY KEY, square INTEGER);
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 5000)
INSERT INTO number SELECT n, n * n FROM counter;
BEGIN;
DELETE FROM number WHERE n % 2 = 0;
SELECT count(*), sum(square) FROM number;
ROLLBACK;
SELECT count(*), sum(square) FROM number;
PRAGMA journal_mode = wal;
UPDATE number SET square = -square WHERE n <= 100;
PRAGMA wal_checkpoint(TRUNCATE);
.open test.db
SELECT count(*), sum(square) FROM number;
ATTACH 'other.db' AS other;
CREATE TABLE other.copy AS SELECT n FROM number WHERE n < 10;
SELECT group_concat(n) FROM other.copy;
VACUUM;
PRAGMA integrity_check;
INSERT INTO number VALUES(1, 1);
SELECT * FROM missing;
.open --readonly test.db
INSERT INTO number VALUES(9999, 1);
.shell ls
