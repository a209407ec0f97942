-- Tables, joins, windows, recursive queries, text, numbers.
.mode list
.headers on
CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, kind TEXT);
INSERT INTO item(name, price, kind) VALUES
  ('bolt', 0.25, 'metal'), ('plank', 7.5, 'wood'), ('nail', 0.0625, 'metal'), ('glue', 3.125, NULL);
CREATE INDEX by_kind ON item(kind, price);
SELECT kind, count(*) AS n, sum(price) AS total FROM item GROUP BY kind ORDER BY kind;
SELECT name, rank() OVER (PARTITION BY kind ORDER BY price DESC) AS place FROM item ORDER BY id;
WITH RECURSIVE fibonacci(i, a, b) AS (
  SELECT 1, 0, 1 UNION ALL SELECT i + 1, b, a + b FROM fibonacci WHERE i < 60)
SELECT max(a) AS last FROM fibonacci;
SELECT upper(name) || printf('%08.3f', price) AS line FROM item WHERE name LIKE '%l%' ORDER BY 1;
SELECT json_group_array(name) AS names FROM item;
SELECT quote(sqrt(2)) AS root, round(exp(1), 6) AS e, 1e308 * 10 AS big, 9223372036854775807 AS most;
EXPLAIN QUERY PLAN SELECT name FROM item WHERE kind = 'metal' AND price > 0.1;
SELECT count(*) AS n, sum(length(hex(zeroblob(id)))) AS digits FROM item;
