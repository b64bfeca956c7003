-- How fast people talked, and how much of the draft of a summary its agent changed.

-- As they are written, between blanks.
CREATE MACRO written_words(text) AS
    len(list_filter(string_split(text, ' '), lambda word: word <> ''));

-- As in 0004, and more columns at the end.
CREATE OR REPLACE MACRO measures_of(first_n, wanted) AS TABLE
WITH happened AS MATERIALIZED (
    SELECT call_id, n, wall, at_ms, kind, payload->>[
        '$.role', '$.person', '$.name', '$.queue', '$.reason', '$.settled_s', '$.id',
        '$.speaker', '$.text', '$.start_ms', '$.end_ms', '$.failed', '$.event', '$.on',
        '$.status', '$.verdict', '$.fate', '$.outcome', '$.after_s', '$.trend',
        '$.call_score', '$.card.id', '$.items', '$.purpose', '$.resolution', '$.after_ms',
        '$.suggestion', '$.state', '$.changed'
    ] AS told
    FROM event
    WHERE n >= first_n AND (wanted IS NULL OR list_contains(wanted, call_id))
        AND kind IN (
            'call_started', 'joined', 'left', 'call_ended', 'partner', 'payment',
            'transcript', 'chat', 'sentiment', 'alert', 'checklist', 'customer',
            'ai_suggestion', 'feedback', 'advice_became', 'advice_began', 'summary',
            'wrap_up'
        )
        AND coalesce(payload->>'$.is_final', 'true') = 'true'
),
read AS NOT MATERIALIZED (
    SELECT call_id, n, wall, at_ms, kind,
        told[1] AS role, told[2] AS person, told[3] AS name, nullif(told[4], '') AS queue,
        told[5] AS reason, told[6]::DOUBLE AS settled_s, told[7] AS id,
        told[8] AS speaker, told[9] AS text, told[10]::BIGINT AS start_ms,
        told[11]::BIGINT AS end_ms, coalesce(told[12], 'false') = 'true' AS failed,
        told[13] AS event, told[14] AS switched, told[15] AS status, told[16] AS verdict,
        told[17] AS fate, told[18] AS outcome, told[19]::DOUBLE AS after_s,
        told[20] AS trend, told[21]::INTEGER AS call_score,
        coalesce(told[22], '') AS customer, told[23] AS items, told[24] AS purpose,
        told[25] AS resolution, told[26]::INTEGER AS after_ms, told[27] AS suggestion,
        told[28] AS state, told[29]::DOUBLE AS changed
    FROM happened
),
life AS (
    SELECT call_id,
        min(n) FILTER (kind = 'call_started') AS n,
        min(wall) FILTER (kind = 'call_started') AS started,
        arg_max(reason, n) FILTER (kind = 'call_ended') AS reason,
        arg_max(wall, n) FILTER (kind = 'call_ended') AS ended,
        arg_max(at_ms, n) FILTER (kind = 'call_ended') AS ended_ms,
        coalesce(arg_max(settled_s, n) FILTER (kind = 'call_ended'), 0) AS settled_s,
        max(wall) FILTER (kind NOT IN ('call_ended', 'wrap_up', 'summary')) AS last_sign,
        min(wall) FILTER (kind = 'joined' AND role = 'customer') AS customer_came,
        min(wall) FILTER (kind = 'joined' AND role = 'agent') AS agent_came,
        coalesce(arg_max(person, n) FILTER (kind = 'joined' AND role = 'customer'), '')
            AS brought_by,
        coalesce(arg_max(person, n) FILTER (kind = 'joined' AND role = 'agent'), '')
            AS agent,
        coalesce(arg_max(name, n) FILTER (kind = 'joined' AND role = 'agent'), '')
            AS agent_name,
        coalesce(arg_min(queue, n) FILTER (kind = 'joined'), '') AS queue,
        coalesce(arg_max(customer, n) FILTER (kind = 'customer'), '') AS customer,
        max(n) FILTER (kind = 'left' AND role = 'customer') AS left_n,
        arg_max(wall, n) FILTER (kind = 'left' AND role = 'customer') AS left_at,
        max(n) FILTER (
            kind = 'partner' AND role = 'customer' AND event IN ('joined', 'back')
        ) AS back_n,
        coalesce(arg_max(outcome, n), '') AS outcome,
        arg_min(after_s, n) FILTER (kind = 'wrap_up' AND after_s > 0) AS after_s,
        -- Whoever corrects it later does not begin with the draft, and says nothing of it.
        arg_max(changed, n) FILTER (kind = 'wrap_up') AS draft_changed,
        coalesce(
            arg_max(resolution, n) FILTER (kind = 'summary' AND purpose = 'wrap_up'), ''
        ) AS drafted,
        arg_max(call_score, n) FILTER (kind = 'sentiment') AS mood,
        arg_max(trend, n) FILTER (kind = 'sentiment') AS trend,
        count(DISTINCT id) FILTER (kind = 'alert' AND state = 'raised') AS alerts,
        count(DISTINCT id) FILTER (
            kind = 'ai_suggestion' AND status <> 'unavailable' AND suggestion <> ''
        ) AS advice_shown,
        count(DISTINCT id) FILTER (verdict = 'used') AS advice_used,
        count(DISTINCT id) FILTER (verdict = 'copied') AS advice_copied,
        count(DISTINCT id) FILTER (verdict = 'dismissed') AS advice_dismissed,
        count(DISTINCT id) FILTER (fate = 'said') AS advice_said,
        count(DISTINCT id) FILTER (fate = 'expired') AS advice_expired,
        count(DISTINCT id) FILTER (
            kind = 'ai_suggestion' AND status = 'done' AND suggestion = ''
        ) AS advice_withheld,
        coalesce(list(after_ms) FILTER (kind = 'advice_began'), []) AS advice_ms,
        arg_max(items, n) FILTER (kind = 'checklist') AS items,
        min(CASE WHEN speaker = 'agent' THEN
            CASE WHEN kind = 'chat' THEN at_ms WHEN text <> '' THEN start_ms END END
        ) FILTER (kind IN ('chat', 'transcript')) AS first_said_ms
    FROM read
    GROUP BY call_id
),
-- The box hangs up by itself on whoever stays away: they were gone when they dropped off.
timed AS (
    SELECT *,
        CASE WHEN reason = 'interrupted' THEN last_sign
            ELSE ended - to_microseconds((settled_s * 1e6)::BIGINT) END AS over,
        -- Call time stands still with the end: what it said then, and when that was.
        CASE WHEN reason <> 'interrupted' THEN ended - to_milliseconds(ended_ms) END
            AS began,
        customer_came IS NOT NULL AND agent_came IS NOT NULL AS answered,
        -- A gateway that brings both sides does not say how long somebody waited.
        customer_came IS NOT NULL
            AND (agent_came IS NULL OR agent_came >= customer_came)
            AND (brought_by = '' OR brought_by <> agent) AS queued
    FROM life
    WHERE started IS NOT NULL AND ended IS NOT NULL
),
switched AS (
    SELECT call_id, kind, wall,
        CASE WHEN kind = 'payment' THEN 'pause' ELSE event END AS what,
        CASE WHEN kind = 'payment' THEN switched = 'true'
            ELSE event IN ('holding', 'muted') END AS on_now
    FROM read
    WHERE kind = 'payment'
        OR (role = 'agent' AND event IN ('holding', 'unholding', 'muted', 'unmuted'))
),
spans AS (
    SELECT call_id, what, on_now, wall AS since, lead(wall) OVER (
        PARTITION BY call_id, replace(replace(what, 'un', ''), 'ed', '') ORDER BY wall
    ) AS until
    FROM switched
),
apart AS (
    SELECT call_id,
        sum(lasted) FILTER (what = 'holding') AS hold_ms,
        sum(lasted) FILTER (what = 'muted') AS mute_ms,
        sum(lasted) FILTER (what = 'pause') AS pause_ms
    FROM (
        SELECT call_id, what, date_diff(
            'millisecond', least(since, over), least(coalesce(until, over), over)
        ) AS lasted
        FROM spans JOIN timed USING (call_id)
        WHERE on_now
    )
    GROUP BY call_id
),
-- When each spoke: the last word on each utterance; without text it was withdrawn.
spoke AS (
    SELECT call_id, id, arg_max(speaker, n) AS speaker, arg_max(start_ms, n) AS start_ms,
        arg_max(end_ms, n) AS end_ms, min(wall) AS told,
        arg_max(text <> '', n) AS heard, arg_max(failed, n) AS failed,
        arg_max(written_words(text), n) AS words
    FROM read
    WHERE kind = 'transcript'
    GROUP BY call_id, id
    HAVING heard OR failed
),
beside AS (
    SELECT *,
        max(end_ms) OVER before AS anybody_until,
        max(end_ms) FILTER (speaker = 'agent') OVER before AS agent_until,
        max(end_ms) FILTER (speaker = 'customer') OVER before AS customer_until
    FROM spoke
    WINDOW before AS (
        PARTITION BY call_id ORDER BY start_ms, end_ms, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
voices AS (
    SELECT call_id,
        sum(end_ms - start_ms) FILTER (speaker = 'agent') AS agent_ms,
        sum(end_ms - start_ms) FILTER (speaker = 'customer') AS customer_ms,
        sum(start_ms - anybody_until) FILTER (start_ms - anybody_until > 3000) AS quiet_ms,
        count(*) FILTER (
            speaker = 'agent' AND end_ms - start_ms >= 1000
            AND customer_until - start_ms >= 500
        ) AS agent_interrupted,
        count(*) FILTER (
            speaker = 'customer' AND end_ms - start_ms >= 1000
            AND agent_until - start_ms >= 500
        ) AS customer_interrupted,
        list(greatest(0, date_diff('millisecond', began, told) - end_ms)::INTEGER)
            FILTER (heard AND began IS NOT NULL) AS lag_ms,
        sum(words) FILTER (heard AND speaker = 'agent') AS agent_words,
        sum(end_ms - start_ms) FILTER (heard AND speaker = 'agent') AS agent_words_ms,
        sum(words) FILTER (heard AND speaker = 'customer') AS customer_words,
        sum(end_ms - start_ms) FILTER (heard AND speaker = 'customer') AS customer_words_ms
    FROM beside JOIN timed USING (call_id)
    GROUP BY call_id
),
wrote AS (
    SELECT call_id, sum(date_diff('millisecond', since, until)) AS wrap_up_ms
    FROM agent_time
    WHERE state = 'wrap_up' AND (wanted IS NULL OR list_contains(wanted, call_id))
    GROUP BY call_id
),
checked AS (
    SELECT call_id,
        sum(item.weight) FILTER (item.state = 'done') AS done,
        sum(item.weight) FILTER (item.state <> 'unchecked') AS counted
    FROM (
        SELECT call_id,
            unnest(from_json(items, '[{"weight": "DOUBLE", "state": "VARCHAR"}]')) AS item
        FROM life
    )
    GROUP BY call_id
)
SELECT n, timed.call_id, queue, agent, agent_name, customer,
    coalesce(customer_came, started) AS came,
    answered, reason, outcome, drafted,
    CASE WHEN NOT queued THEN NULL
        WHEN answered THEN date_diff('millisecond', customer_came, agent_came)
        ELSE greatest(0, date_diff('millisecond', customer_came,
            CASE WHEN left_n > coalesce(back_n, -1) THEN left_at ELSE over END))
    END AS wait_ms,
    CASE WHEN answered THEN greatest(0, date_diff('millisecond',
        greatest(customer_came, agent_came), over)) END AS duration_ms,
    coalesce(hold_ms, 0) AS hold_ms,
    coalesce(mute_ms, 0) AS mute_ms,
    coalesce(pause_ms, 0) AS pause_ms,
    coalesce(wrap_up_ms, (after_s * 1000)::BIGINT) AS wrap_up_ms,
    CASE WHEN answered AND began IS NOT NULL AND first_said_ms IS NOT NULL
        THEN greatest(0, first_said_ms
            + date_diff('millisecond', coalesce(customer_came, started), began)) END AS response_ms,
    coalesce(agent_ms, 0) AS agent_ms, coalesce(customer_ms, 0) AS customer_ms,
    coalesce(quiet_ms, 0) AS quiet_ms,
    coalesce(agent_interrupted, 0) AS agent_interrupted,
    coalesce(customer_interrupted, 0) AS customer_interrupted,
    mood, trend, alerts,
    advice_shown, advice_used, advice_copied, advice_dismissed, advice_said,
    advice_expired, advice_withheld, advice_ms, coalesce(lag_ms, []) AS lag_ms,
    checked.done AS checks_done, checked.counted AS checks_counted,
    coalesce(agent_words, 0) AS agent_words, coalesce(agent_words_ms, 0) AS agent_words_ms,
    coalesce(customer_words, 0) AS customer_words,
    coalesce(customer_words_ms, 0) AS customer_words_ms,
    draft_changed
FROM timed
LEFT JOIN apart USING (call_id)
LEFT JOIN voices USING (call_id)
LEFT JOIN wrote USING (call_id)
LEFT JOIN checked USING (call_id);

-- Columns that are added later cannot be NOT NULL.
ALTER TABLE measured ADD COLUMN agent_words BIGINT DEFAULT 0;
ALTER TABLE measured ADD COLUMN agent_words_ms BIGINT DEFAULT 0;  -- they took so long
ALTER TABLE measured ADD COLUMN customer_words BIGINT DEFAULT 0;
ALTER TABLE measured ADD COLUMN customer_words_ms BIGINT DEFAULT 0;
-- 0 to 1; NULL: not known, or there was no draft. That of calls before this cannot be.
ALTER TABLE measured ADD COLUMN draft_changed DOUBLE;

-- Not all anew by the macro: what is no longer in the events would be lost.
UPDATE measured SET agent_words = spoken.agent_words,
    agent_words_ms = spoken.agent_words_ms,
    customer_words = spoken.customer_words,
    customer_words_ms = spoken.customer_words_ms
FROM (
    SELECT call_id,
        coalesce(sum(words) FILTER (speaker = 'agent'), 0) AS agent_words,
        coalesce(sum(ms) FILTER (speaker = 'agent'), 0) AS agent_words_ms,
        coalesce(sum(words) FILTER (speaker = 'customer'), 0) AS customer_words,
        coalesce(sum(ms) FILTER (speaker = 'customer'), 0) AS customer_words_ms
    FROM (
        SELECT call_id, told[1] AS id, arg_max(told[2], n) AS speaker,
            arg_max(told[4]::BIGINT - told[3]::BIGINT, n) AS ms,
            arg_max(written_words(told[5]), n) AS words
        FROM (
            SELECT call_id, n, payload->>[
                '$.id', '$.speaker', '$.start_ms', '$.end_ms', '$.text'
            ] AS told
            FROM event
            WHERE kind = 'transcript' AND coalesce(payload->>'$.is_final', 'true') = 'true'
        )
        GROUP BY call_id, id
        -- Of lines whose words have been taken out nobody knows how many there were.
        HAVING words > 0 AND arg_max(told[5], n) <> '…'
    )
    GROUP BY call_id
) spoken
WHERE measured.call_id = spoken.call_id;
