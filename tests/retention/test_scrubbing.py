"""Every field of everything that is kept has its place: it stays, or it goes."""

from pathlib import Path
from typing import get_args

import anyio
import msgspec
import pytest
from msgspec import Struct

from appliance.messages import Content, Partner, Recording, Status, Supervised
from appliance.received import ChooseCustomer, Feedback
from appliance.retention import scrubbing
from appliance.retention.scrubbing import GONE, Level, Payload, scrubbed, without
from appliance.store import event, purge
from tests.retention.box import OTTO, ZELDA, call_with, keeping

KINDS: list[type[Struct]] = [
    *get_args(Content),
    *(Partner, Status, Supervised, Recording),
    *(Feedback, ChooseCustomer),
    *event.Fact.__subclasses__(),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_of_an_event_has_its_place(kind: type[Struct]) -> None:
    tag = str(kind.__struct_config__.tag)
    places = [
        name
        for table in (
            scrubbing.KEPT,
            scrubbing.TEXTS,
            scrubbing.WHO,
            scrubbing.LEFT_OUT,
            scrubbing.WITHIN,
        )
        for name in table.get(tag, ())
    ]
    fields = {field.name for field in msgspec.structs.fields(kind)} - {"seq"}
    assert sorted(places) == sorted(fields), "decide in appliance/retention/scrubbing.py"


TEXTS = """
SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables()
    USING (database_name, table_name)
WHERE database_name = 'record'
    AND regexp_matches(data_type, 'VARCHAR|JSON|BIT$')
"""


def test_every_text_in_every_table_has_its_place(tmp_path: Path) -> None:
    with keeping(tmp_path) as (store, _):
        found = set(anyio.run(store.ask, TEXTS))
    decided = {(table, name) for table in purge.TEXT_EMPTIED for name in purge.TEXT_GIVEN}
    for known in (purge.TEXT_KEPT, purge.TEXT_EMPTIED):
        decided |= {(table, name) for table, names in known.items() for name in names}
    left = {one for one in found if one[0] not in (*purge.OTHERS, "event")}
    assert left == decided, "decide in appliance/store/purge.py"


@pytest.mark.parametrize("level", ["said", "person"])
def test_what_is_left_reads_like_any_other_event(level: Level) -> None:
    kinds = {str(kind.__struct_config__.tag): kind for kind in KINDS}
    for one in call_with(ZELDA, "c1"):
        left = scrubbed(one.kind, msgspec.json.decode(one.payload), level, ["resolved"])
        msgspec.convert(left, kinds[one.kind])


def everything(level: Level) -> str:
    events = call_with(ZELDA, "c1")
    left = [scrubbed(e.kind, msgspec.json.decode(e.payload), level) for e in events]
    return msgspec.json.encode(left).decode()


def test_nothing_that_was_said_is_left_though_it_is_known_who_it_was() -> None:
    left = everything("said")
    assert not [word for word in (*ZELDA.words, ZELDA.email) if word in left]
    assert ZELDA.id in left
    assert ZELDA.name in left


def test_of_an_erased_person_nothing_is_left_and_of_the_agent_the_name() -> None:
    left = everything("person")
    assert not [trace for trace in ZELDA.traces if trace in left]
    assert "Ann" in left


def test_a_line_that_was_withdrawn_stays_withdrawn() -> None:
    line = {"type": "transcript", "id": "t1", "text": "", "is_final": True}
    assert scrubbed("transcript", line, "person")["text"] == ""
    assert scrubbed("transcript", line | {"text": "x"}, "person")["text"] == GONE


def test_what_is_not_known_goes() -> None:
    told: Payload = {"type": "news", "seq": 3, "anything": "Zelda"}
    assert scrubbed("news", told, "said") == {"type": "news", "seq": 3}


def test_an_outcome_that_the_site_knows_stays() -> None:
    note: Payload = {"type": "wrap_up", "outcome": "resolved", "summary": ""}
    assert scrubbed("wrap_up", note, "person", ["resolved"])["outcome"] == "resolved"
    assert scrubbed("wrap_up", note, "person")["outcome"] == GONE


def test_of_somebody_elses_call_only_those_who_are_erased_go() -> None:
    shown: Payload = {
        "type": "customer",
        "source": "said",
        "card": {"id": OTTO.id},
        "candidates": [{"id": ZELDA.id}, {"id": "K-1"}],
    }
    left = without(shown, [ZELDA.id])
    assert left["card"] == {"id": OTTO.id}
    assert left["candidates"] == [{"id": "K-1"}]
    assert without(shown, [OTTO.id])["card"] is None
