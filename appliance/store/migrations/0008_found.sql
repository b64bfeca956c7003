-- Finding words in 100,000 calls within a tenth of a second.

-- Four letters in a row, as a number below 4096. A call of 400 words has a fifth of all the
-- numbers of three letters, so that a name of five digits seemed to be in 1000 to 5000 of
-- 100,000 calls; it has a fifth of these, too, but another.
CREATE MACRO fours_of(words) AS list_distinct(flatten(list_transform(words, lambda w:
    list_transform(range(1, length(w) - 2), lambda i: (
        29791::BIGINT * unicode(substr(w, i, 1)) + 961 * unicode(substr(w, i + 1, 1))
        + 31 * unicode(substr(w, i + 2, 1)) + unicode(substr(w, i + 3, 1))
    ) % 4093)
)));

-- What a call is by now, as a list shows it, and all that was said in it; of `summed_up` in
-- 0005 all but what is only there to be searched: for 20 calls that took 20 of 35 ms, in
-- every look at the list.
CREATE MACRO standing(first_n, wanted) AS TABLE
WITH mark AS NOT MATERIALIZED (
    SELECT call_id, n, wall, kind,
        payload->>'$.role' AS role,
        nullif(payload->>'$.name', '') AS name,
        nullif(payload->>'$.language', '') AS language,
        payload->>'$.reason' AS reason,
        nullif(payload->>'$.person', '') AS person,
        payload->>'$.outcome' AS outcome,
        payload->>'$.summary' AS summary,
        nullif(payload->>'$.queue', '') AS queue,
        (payload->>'$.call_score')::INTEGER AS call_score,
        payload->>'$.trend' AS trend,
        {
            'id': payload->>'$.id',
            'kind': payload->>'$.kind',
            'rule': coalesce(payload->>'$.rule', ''),
            'severity': coalesce(payload->>'$.severity', 'warning'),
            -- From before an alert said for whom it is: for both.
            'told': coalesce(list_contains((payload->'$.to')::VARCHAR[], 'agent'), true)
        } AS alert,
        payload->>'$.state' AS state
    FROM event
    WHERE n >= first_n AND kind IN (
            'call_started', 'joined', 'call_ended', 'wrap_up', 'sentiment', 'alert'
        )
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
        coalesce(list(DISTINCT person) FILTER (person IS NOT NULL), []) AS staff,
        coalesce(arg_max(outcome, n), '') AS outcome,
        coalesce(arg_max(summary, n), '') AS summary,
        -- Who came first named the queue; the newest reading is about all lines so far.
        coalesce(arg_min(queue, n), '') AS queue,
        arg_max(call_score, n) AS call_score,
        arg_max(trend, n) AS trend,
        list_sort(list_distinct(
            list(alert) FILTER (kind = 'alert' AND state = 'raised')
        )) AS alerts,
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
        concat_ws(' ', agent, customer,
            array_to_string(list_transform(texts, lambda one: one.text), ' ')
        ) AS said
    FROM known LEFT JOIN spoken USING (call_id)
)
SELECT n, call_id, started, ended,
    CASE
        WHEN reason = 'interrupted' THEN 'interrupted'
        WHEN ended IS NOT NULL THEN 'ended'
        WHEN people = 2 THEN 'active'
        ELSE 'waiting'
    END AS status,
    reason, agent, customer, concern, outcome, summary, language, turns, texts, staff, queue,
    -- As `label_of` in appliance/assistant/mood/course.py.
    CASE
        WHEN call_score <= -20 THEN 'negative'
        WHEN call_score >= 20 THEN 'positive'
        WHEN call_score IS NOT NULL THEN 'neutral'
    END AS mood,
    call_score, trend, coalesce(alerts, []) AS alerts, said
FROM whole
WHERE started IS NOT NULL;

CREATE OR REPLACE MACRO summed_up(first_n, wanted) AS TABLE
WITH made AS (
    SELECT *, list_distinct(words_of(said)) AS each FROM standing(first_n, wanted)
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

ALTER TABLE session RENAME TO before;
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
    staff VARCHAR[] NOT NULL, -- ids of accounts and tokens
    queue VARCHAR NOT NULL,
    mood VARCHAR,             -- NULL, like the next two: nothing the customer said was read
    call_score INTEGER,       -- -100 to 100
    trend VARCHAR,
    alerts STRUCT(
        id VARCHAR, kind VARCHAR, rule VARCHAR, severity VARCHAR,
        told BOOLEAN          -- whether the agent was, too
    )[] NOT NULL,
    words VARCHAR NOT NULL,   -- each once: half as much to look through as the texts
    -- Which of the numbers of grams_of and of fours_of its words have. Packed, they are a
    -- sixth smaller, and are unpacked for each look.
    grams BIT NOT NULL USING COMPRESSION uncompressed,
    fours BIT NOT NULL USING COMPRESSION uncompressed
);
INSERT INTO session BY NAME
SELECT before.*, coalesce(fours, bitstring('0', 4096)) AS fours
FROM before LEFT JOIN (
    SELECT n, bitstring_agg(four, 0, 4095) AS fours
    FROM (SELECT n, unnest(fours_of(string_split(words, ' '))) AS four FROM before)
    GROUP BY n
) USING (n);
DROP TABLE before;

-- Rows by their position, each read by itself. A filter on `n` alone still unpacks, for each
-- row that it lets through, the words or the texts of the 2048 calls around it: 4 ms for one
-- row, against 0.03 by the index.
CREATE INDEX session_n ON session (n);
