-- Fills what is searched from `customer` and `purchase` (schema.sql).

CREATE TEMP TABLE spelled AS
SELECT DISTINCT unnest(list_concat(string_split(folded, ' '), coalesce(local_words(email), []))) AS word, n
FROM customer;

INSERT INTO word
SELECT row_number() OVER (ORDER BY word), word, count(*) FROM spelled
WHERE word <> ''
GROUP BY word ORDER BY word;

INSERT INTO posting
SELECT w, n FROM spelled JOIN word USING (word) ORDER BY w, n;

DROP TABLE spelled;

INSERT INTO part
SELECT part, w FROM (SELECT unnest(parts(word)) AS part, w FROM word WHERE length(word) <= 24)
ORDER BY part, w;

INSERT INTO line
SELECT line_of(phone) AS digits, n FROM customer WHERE line_of(phone) <> 0
ORDER BY digits, n;

-- Who says a number says its digits, and leaves out the "ORD" that stands before all of them.
CREATE TEMP TABLE spelled AS
SELECT code_of(id) AS code, 'id' AS kind, n FROM customer
UNION ALL SELECT code_of(number), 'order', n FROM purchase;

INSERT INTO code
SELECT DISTINCT code, kind, n FROM (
    FROM spelled
    UNION ALL SELECT lower(email), 'email', n FROM customer WHERE email IS NOT NULL
    UNION ALL
    SELECT regexp_extract(code, '^[^0-9]+([0-9]{6,})$', 1), kind, n FROM spelled
) WHERE code <> '' ORDER BY code, kind, n;

DROP TABLE spelled;
