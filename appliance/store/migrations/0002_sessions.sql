-- One row for each call that has ended, to list, filter and search 100,000 of them without
-- touching their events. Made from the events alone, a moment after the transaction that
-- stores the end of the call (see settling.py); calls that go on are summed up when they
-- are asked for.

-- What was typed and what is stored are compared in this form: without case and accents.
CREATE MACRO folded(written) AS replace(strip_accents(lower(written)), 'ß', 'ss');

CREATE MACRO words_of(written) AS
    list_filter(string_split_regex(folded(written), '[^\p{L}\p{N}]+'), lambda w: w <> '');

-- Three letters in a row, as a number below 4096: what has a word has all its numbers. By
-- our own sum, because the database's hash may differ in its next version.
CREATE MACRO grams_of(words) AS list_distinct(flatten(list_transform(words, lambda w:
    list_transform(range(1, length(w) - 1), lambda i: (
        961 * unicode(substr(w, i, 1)) + 31 * unicode(substr(w, i + 1, 1))
        + unicode(substr(w, i + 2, 1))
    ) % 4096)
)));

-- `wanted` NULL: all calls. Those that began before position `first_n` are left out, and
-- their row groups are not read: a group knows its smallest and greatest `n`.
CREATE MACRO summed_up(first_n, wanted) AS TABLE
WITH mark AS NOT MATERIALIZED (
    SELECT call_id, n, wall, kind,
        payload->>'$.role' AS role,
        nullif(payload->>'$.name', '') AS name,
        nullif(payload->>'$.language', '') AS language,
        payload->>'$.reason' AS reason,
        payload->>'$.outcome' AS outcome,
        payload->>'$.summary' AS summary
    FROM event
    WHERE n >= first_n AND kind IN ('call_started', 'joined', 'call_ended', 'wrap_up')
        AND (wanted IS NULL OR list_contains(wanted, call_id))
),
known AS (
    SELECT call_id,
        min(n) FILTER (kind = 'call_started') AS n,
        min(wall) FILTER (kind = 'call_started') AS started,
        arg_max(wall, n) FILTER (kind = 'call_ended') AS ended,
        arg_max(reason, n) FILTER (kind = 'call_ended') AS reason,
        count(DISTINCT role) FILTER (kind = 'joined') AS people,
        coalesce(arg_max(name, n) FILTER (role = 'agent'), '') AS agent,
        coalesce(arg_max(name, n) FILTER (role = 'customer'), '') AS customer,
        coalesce(arg_max(reason, n) FILTER (role = 'customer'), '') AS concern,
        coalesce(arg_max(outcome, n), '') AS outcome,
        coalesce(arg_max(summary, n), '') AS summary,
        arg_max(language, n) AS language
    FROM mark
    GROUP BY call_id
),
-- The last word on each utterance; a final without text withdrew it.
uttered AS (
    SELECT call_id, kind,
        payload->>'$.id' AS id,
        arg_max(payload->>'$.text', n) AS text,
        arg_max(payload->>'$.speaker', n) AS speaker,
        arg_max(coalesce(payload->>'$.start_ms', payload->>'$.at_ms')::BIGINT, n) AS at_ms,
        arg_max(nullif(payload->>'$.language', ''), n) AS language,
        max(n) AS n
    FROM event
    WHERE n >= first_n AND kind IN ('transcript', 'chat')
        AND (wanted IS NULL OR list_contains(wanted, call_id))
        AND coalesce(payload->>'$.is_final', 'true') = 'true'
    GROUP BY call_id, kind, id
    HAVING text <> ''
),
spoken AS (
    SELECT call_id,
        count(*) FILTER (kind = 'transcript') AS turns,
        arg_max(language, n) AS language,
        arg_max(language, n) FILTER (speaker = 'customer') AS customer_language,
        list(
            {'source': 'call', 'at_ms': at_ms, 'speaker': speaker, 'text': text}
            ORDER BY at_ms, n
        ) AS lines
    FROM uttered
    GROUP BY call_id
),
whole AS (
    SELECT known.* EXCLUDE (language),
        coalesce(customer_language, spoken.language, known.language, '') AS language,
        coalesce(turns, 0) AS turns,
        list_concat(
            [{'source': 'concern', 'at_ms': 0, 'speaker': 'customer', 'text': concern}],
            coalesce(lines, []),
            [{'source': 'summary', 'at_ms': 0, 'speaker': 'agent', 'text': summary}]
        ) AS texts,
        list_distinct(words_of(concat_ws(' ', agent, customer,
            array_to_string(list_transform(texts, lambda one: one.text), ' ')
        ))) AS words
    FROM known LEFT JOIN spoken USING (call_id)
),
marked AS (
    SELECT call_id, bitstring_agg(gram, 0, 4095) AS grams
    FROM (SELECT call_id, unnest(grams_of(words)) AS gram FROM whole)
    GROUP BY call_id
)
SELECT n, call_id, started, ended,
    CASE
        WHEN reason = 'interrupted' THEN 'interrupted'
        WHEN ended IS NOT NULL THEN 'ended'
        WHEN people = 2 THEN 'active'
        ELSE 'waiting'
    END AS status,
    reason, agent, customer, concern, outcome, summary, language, turns, texts,
    array_to_string(words, ' ') AS words,
    coalesce(grams, bitstring('0', 4096)) AS grams
FROM whole LEFT JOIN marked USING (call_id)
WHERE started IS NOT NULL;

DROP VIEW call;
DROP MACRO TABLE calls_since;
CREATE VIEW call AS
SELECT call_id, started, ended, status, reason, agent, customer, language, turns
FROM summed_up(0, NULL);

CREATE TABLE session (
    n BIGINT NOT NULL,        -- position of the call's first event
    call_id VARCHAR NOT NULL,
    started TIMESTAMP NOT NULL,  -- UTC, like `ended`
    ended TIMESTAMP,
    status VARCHAR NOT NULL,
    reason VARCHAR,           -- why it ended
    agent VARCHAR NOT NULL,
    customer VARCHAR NOT NULL,
    concern VARCHAR NOT NULL, -- why they called, in their own words
    outcome VARCHAR NOT NULL,
    summary VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    turns BIGINT NOT NULL,
    texts STRUCT(source VARCHAR, at_ms BIGINT, speaker VARCHAR, text VARCHAR)[] NOT NULL,
    words VARCHAR NOT NULL,   -- each once: half as much to look through as the texts
    grams BIT NOT NULL        -- which of the numbers of grams_of its words have
);

INSERT INTO session SELECT * FROM summed_up(0, NULL) WHERE ended IS NOT NULL ORDER BY n;
