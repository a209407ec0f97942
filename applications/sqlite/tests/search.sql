-- Full text and rectangles.
CREATE VIRTUAL TABLE note USING fts4(title, body);
INSERT INTO note VALUES('first', 'a quick fox'), ('second', 'a slow and quick turtle'), ('third', 'nobody');
SELECT title, snippet(note, '[', ']') FROM note WHERE note MATCH 'quick NOT turtle';
SELECT title FROM note WHERE note MATCH 'qui*' ORDER BY title DESC;
CREATE VIRTUAL TABLE place USING rtree(id, x0, x1, y0, y1);
INSERT INTO place VALUES(1, 0, 10, 0, 10), (2, 5, 15, 5, 15), (3, 20, 30, 20, 30);
SELECT id FROM place WHERE x0 <= 12 AND x1 >= 8 ORDER BY id;
