-- The record of calls. `event` is the truth and only ever grows; everything else is a view.
--
-- No primary key, on purpose. An index on (call_id, seq) made a checkpoint stall commits
-- for 118-154 ms instead of 18-20 ms, and a failing event would block the record; a record
-- keeps what happened. A retried commit is recognised by `n` instead (see log.py).
--
-- No TIMESTAMPTZ: reading one from Python needs pytz. `wall` is UTC.

CREATE TABLE event (
    n BIGINT NOT NULL,        -- position in the record: 0, 1, 2 ... in order of arrival
    call_id VARCHAR NOT NULL,
    seq BIGINT NOT NULL,      -- counts up within the call
    at_ms BIGINT NOT NULL,    -- call time
    wall TIMESTAMP NOT NULL,  -- UTC
    kind VARCHAR NOT NULL,
    payload JSON NOT NULL
);

-- Calls whose first event is at or after a position. A row group knows its smallest and
-- greatest `n`, so a page of recent calls reads recent row groups only, however long the
-- record; the wall clock would not do, for it can be set back.
CREATE MACRO calls_since(first_n) AS TABLE
WITH mark AS (
    SELECT call_id, n, wall, kind,
        payload->>'$.role' AS role,
        nullif(payload->>'$.name', '') AS name,
        nullif(payload->>'$.language', '') AS language,
        payload->>'$.reason' AS reason
    FROM event
    WHERE n >= first_n AND kind IN ('call_started', 'joined', 'call_ended')
),
known AS (
    SELECT call_id,
        min(n) FILTER (kind = 'call_started') AS n,
        min(wall) FILTER (kind = 'call_started') AS started,
        arg_max(wall, n) FILTER (kind = 'call_ended') AS ended,
        arg_max(reason, n) FILTER (kind = 'call_ended') AS reason,
        count(DISTINCT role) FILTER (kind = 'joined') AS people,
        arg_max(name, n) FILTER (role = 'agent') AS agent,
        arg_max(name, n) FILTER (role = 'customer') AS customer,
        arg_max(language, n) AS language
    FROM mark
    GROUP BY call_id
),
spoken AS (
    SELECT call_id,
        count(DISTINCT payload->>'$.id') AS turns,
        arg_max(nullif(payload->>'$.language', ''), n) AS language,
        arg_max(nullif(payload->>'$.language', ''), n)
            FILTER ((payload->>'$.speaker') = 'customer') AS customer_language
    FROM event
    WHERE n >= first_n AND kind = 'transcript'
        AND (payload->>'$.is_final') = 'true' AND (payload->>'$.text') <> ''
    GROUP BY call_id
)
SELECT known.call_id, known.n, known.started, known.ended,
    CASE
        WHEN known.reason = 'interrupted' THEN 'interrupted'
        WHEN known.ended IS NOT NULL THEN 'ended'
        WHEN known.people = 2 THEN 'active'
        ELSE 'waiting'
    END AS status,
    known.reason,
    coalesce(known.agent, '') AS agent,
    coalesce(known.customer, '') AS customer,
    coalesce(spoken.customer_language, spoken.language, known.language, '') AS language,
    coalesce(spoken.turns, 0) AS turns
FROM known LEFT JOIN spoken USING (call_id)
WHERE known.started IS NOT NULL;

CREATE VIEW call AS SELECT * EXCLUDE (n) FROM calls_since(0);

-- The last word on each utterance. A final without text withdrew its partials: no turn.
CREATE VIEW transcript AS
SELECT call_id, seq, wall,
    payload->>'$.id' AS id,
    payload->>'$.speaker' AS speaker,
    payload->>'$.text' AS text,
    (payload->>'$.start_ms')::BIGINT AS start_ms,
    (payload->>'$.end_ms')::BIGINT AS end_ms,
    payload->>'$.language' AS language,
    (payload->>'$.confidence')::DOUBLE AS confidence,
    coalesce((payload->>'$.failed')::BOOLEAN, false) AS failed
FROM event
WHERE kind = 'transcript' AND (payload->>'$.is_final') = 'true'
QUALIFY row_number() OVER (PARTITION BY call_id, id ORDER BY seq DESC, n DESC) = 1
    AND (text <> '' OR failed);

-- Advice as it was left on the agent's screen; unfinished if the box died meanwhile.
CREATE VIEW suggestion AS
SELECT call_id, seq, wall,
    payload->>'$.id' AS id,
    payload->>'$.answers' AS answers,
    payload->>'$.action' AS action,
    payload->>'$.suggestion' AS suggestion,
    payload->>'$.reasoning' AS reasoning,
    (payload->>'$.confidence')::DOUBLE AS confidence,
    payload->>'$.status' AS status
FROM event
WHERE kind = 'ai_suggestion'
QUALIFY row_number() OVER (PARTITION BY call_id, id ORDER BY seq DESC, n DESC) = 1;

CREATE VIEW chat AS
SELECT call_id, seq, wall,
    payload->>'$.id' AS id,
    payload->>'$.speaker' AS speaker,
    payload->>'$.text' AS text,
    (payload->>'$.at_ms')::BIGINT AS at_ms
FROM event
WHERE kind = 'chat';

CREATE VIEW gap AS
SELECT call_id, seq, wall,
    payload->>'$.speaker' AS speaker,
    (payload->>'$.start_ms')::BIGINT AS start_ms,
    (payload->>'$.end_ms')::BIGINT AS end_ms,
    payload->>'$.reason' AS reason
FROM event
WHERE kind = 'gap';

CREATE VIEW feedback AS
SELECT call_id, seq, wall,
    payload->>'$.id' AS id,
    payload->>'$.verdict' AS verdict
FROM event
WHERE kind = 'feedback';
