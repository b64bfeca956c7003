-- Lists in a call's row as JSON. DuckDB 1.5 writes a list that is put into a table with an
-- index to its log together with those of up to 2048 rows before it: with 80 calls there,
-- one more came to 610 KB in place of 9, and after a few of them the log was moved.

CREATE MACRO as_kept(first_n, wanted) AS TABLE
SELECT * REPLACE (
    to_json(texts)::VARCHAR AS texts,
    to_json(staff)::VARCHAR AS staff,
    to_json(alerts)::VARCHAR AS alerts
)
FROM standing(first_n, wanted);

-- As in 0008, of the above.
CREATE OR REPLACE MACRO summed_up(first_n, wanted) AS TABLE
WITH made AS (
    SELECT *, list_distinct(words_of(said)) AS each FROM as_kept(first_n, wanted)
),
threes AS (
    SELECT n, bitstring_agg(gram, 0, 4095) AS grams
    FROM (SELECT n, unnest(grams_of(each)) AS gram FROM made) GROUP BY n
),
fours AS (
    SELECT n, bitstring_agg(four, 0, 4095) AS fours
    FROM (SELECT n, unnest(fours_of(each)) AS four FROM made) GROUP BY n
)
SELECT made.* EXCLUDE (said, each), array_to_string(each, ' ') AS words,
    coalesce(grams, bitstring('0', 4096)) AS grams,
    coalesce(fours, bitstring('0', 4096)) AS fours
FROM made LEFT JOIN threes USING (n) LEFT JOIN fours USING (n);

DROP INDEX session_n;
-- Of {source, at_ms, speaker, text}, in the order they were said.
ALTER TABLE session ALTER texts TYPE VARCHAR USING to_json(texts)::VARCHAR;
-- Ids of accounts and tokens.
ALTER TABLE session ALTER staff TYPE VARCHAR USING to_json(staff)::VARCHAR;
-- Of {id, kind, rule, severity, told}.
ALTER TABLE session ALTER alerts TYPE VARCHAR USING to_json(alerts)::VARCHAR;
CREATE INDEX session_n ON session (n);
