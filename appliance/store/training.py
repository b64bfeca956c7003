"""What the record has to learn from: calls in which advice was taken up."""

from msgspec import Struct

from appliance.store.log import SessionLog

# Rows are read at once; the newest calls are also the likest to the next.
MOST_CALLS = 20_000

_TAKEN_UP = """
WITH taken AS (
    SELECT call_id FROM event
    WHERE (kind = 'feedback' AND (payload->>'$.verdict') IN ('used', 'copied', 'good'))
        OR (kind = 'advice_became' AND (payload->>'$.fate') = 'said')
    GROUP BY call_id ORDER BY min(n) DESC LIMIT $limit
)
SELECT call_id, kind, payload FROM event
WHERE call_id IN (SELECT call_id FROM taken)
    AND kind IN ('transcript', 'ai_suggestion', 'feedback', 'advice_became')
    AND coalesce(payload->>'$.is_final', 'true') = 'true'
ORDER BY call_id, seq, n
"""


class Recorded(Struct, frozen=True):
    """One event of such a call; `payload` is JSON."""

    call_id: str
    kind: str
    payload: str


def recorded(log: SessionLog) -> list[Recorded]:
    """Transcripts, advice, and what became of it, call by call. Raises StoreError."""
    return [Recorded(*row) for row in log.ask(_TAKEN_UP, {"limit": MOST_CALLS})]
