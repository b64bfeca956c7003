"""The nightly round, holds, and backups that are older than an erasure."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import anyio
import pytest

from appliance.access.access import Access
from appliance.backup.making import RECORD, back_up
from appliance.backup.restoring import restore
from appliance.errors import RetentionError
from appliance.messages import Customer
from appliance.recordings.shelf import Shelf
from appliance.retention.commands import PlaceHold
from appliance.retention.custodian import Custodian
from appliance.retention.erasures import keep_beside, take_along
from appliance.settings import AccessSettings, RetentionSettings
from appliance.store.event import AgentBecame, CallEnded, Event
from appliance.store.search import Search
from appliance.store.writer import Store
from tests.retention.box import (
    NOW,
    OTTO,
    YESTERDAY,
    ZELDA,
    Script,
    call_with,
    card_of,
    keeping,
    write,
)
from tests.retention.test_erasure import read_out, traces_of

SHORT = RetentionSettings(recording_days=10, transcript_days=20, call_days=30)


def after(days: float) -> datetime:
    return YESTERDAY + timedelta(days=days, minutes=1)


def audit(folder: Path) -> list[tuple[str, str, str]]:
    with Access.open(folder, AccessSettings(hash_kib=8, hash_passes=1)) as access:
        rows = anyio.run(access.entries, 0, 100)
    return [(row.action, row.subject, row.detail) for row in rows]


def calls_in(folder: Path) -> set[str]:
    with keeping(folder) as (store, _):
        return {one.call_id for one in anyio.run(store.sessions).sessions}


def test_each_night_what_has_been_kept_long_enough_goes(both: Path) -> None:
    with keeping(both, SHORT) as (_, custodian):

        async def rounds() -> None:
            for days, gone in ((9, (0, 0, 0)), (10, (2, 0, 0)), (20, (0, 4, 0))):
                ran = await custodian.round("the box", after(days), dry=False)
                assert (ran.recordings, ran.transcripts, ran.calls) == gone

        anyio.run(rounds)
    assert not list(Shelf(both / "recordings").calls())
    left = read_out(both)
    # What was said is gone; who called is not, until the call is.
    assert not [word for who in (ZELDA, OTTO) for word in who.words[:3] if word in left]
    assert ZELDA.name in left
    size = (both / RECORD).stat().st_size
    with keeping(both, SHORT) as (_, custodian):
        ran = anyio.run(lambda: custodian.round("the box", after(30), dry=False))
    assert ran.calls == 4
    assert (both / RECORD).stat().st_size == ran.after < size
    assert calls_in(both) == set()
    actions = [row for row in audit(both) if row[0] == "retention run"]
    assert len(actions) == 4
    assert actions[-1][2].startswith("0 recordings, 0 texts, 4 calls, 0 held")


def test_what_agents_were_doing_is_kept_for_so_long(both: Path) -> None:
    def became(state: Literal["available", "away", "off"], days: float) -> Event:
        fact = AgentBecame(agent="p-ann", name="Ann", state=state)
        return Event.of_box(fact, after(days))

    days = RetentionSettings(staff_days=5)
    with keeping(both, days) as (store, custodian):

        async def told() -> list[tuple[str, int]]:
            rows = await store.ask("SELECT state, count(*) FROM agent_time GROUP BY state")
            return sorted(rows)

        async def run() -> None:
            states = [became("available", 0), became("away", 1), became("available", 9)]
            await write(store, [*states, became("off", 10)])
            assert await told() == [("available", 2), ("away", 1)]
            await custodian.round("the box", after(10), dry=False)
            # What ended before that day.
            assert await told() == [("available", 1), ("away", 1)]

        anyio.run(run)


def test_the_audit_log_is_kept_for_so_long_and_says_what_went(both: Path) -> None:
    rules = RetentionSettings(
        recording_days=0, transcript_days=0, call_days=0, staff_days=0, audit_days=30
    )
    later = datetime.now(UTC) + timedelta(days=31)
    with keeping(both, rules) as (_, custodian):

        async def rounds() -> list[tuple[int, int]]:
            for _ in range(3):
                await custodian.round("the box", NOW, dry=False)
            return [
                (ran.audit, len(ran.unfinished))
                for dry in (True, False, True)
                for ran in [await custodian.round("the box", later, dry=dry)]
            ]

        # The newest of the three is what audit.head knows.
        assert anyio.run(rounds) == [(2, 0), (2, 0), (2, 0)]
    actions = [action for action, _, _ in audit(both)]
    assert actions == ["retention run", "log cut", "retention run"]


def test_a_dry_run_tells_and_takes_nothing(both: Path) -> None:
    before = read_out(both)
    with keeping(both, SHORT) as (_, custodian):
        ran = anyio.run(lambda: custodian.round("the box", after(20), dry=True))
    assert (ran.dry, ran.recordings, ran.transcripts) == (True, 2, 4)
    assert read_out(both) == before


def test_a_hold_beats_the_rules_and_an_erasure_until_it_is_released(both: Path) -> None:
    wish = PlaceHold(kind="customer", subject=ZELDA.id, reason="claim 7")
    with keeping(both, SHORT) as (_, custodian):

        async def held() -> None:
            hold = await custodian.holds.place(wish, "sue", YESTERDAY)
            assert [one.calls for one in (await custodian.holds.all_()).holds] == [2]
            ran = await custodian.round("the box", after(30), dry=False)
            assert (ran.calls, ran.held) == (2, 2)
            with pytest.raises(RetentionError, match="claim 7"):
                await custodian.erase("customer", ZELDA.id, "ann", after(30))
            await custodian.holds.release(hold.id, "ann", after(30))
            assert (await custodian.round("the box", after(30), dry=False)).calls == 2

        anyio.run(held)
    placed, released = (
        row for row in audit(both) if row[0] in ("hold placed", "hold released")
    )
    # The log never forgets, so it does not learn who it was.
    assert placed[1] == released[1] != ZELDA.id
    assert placed[1].startswith("customer ")


def test_a_hold_on_one_call_keeps_that_one_and_the_rest_goes(both: Path) -> None:
    until = NOW + timedelta(days=1)
    wish = PlaceHold(kind="call", subject="call-z", reason="claim 7", until=until)

    async def erase(custodian: Custodian) -> None:
        await custodian.holds.place(wish, "sue", YESTERDAY)
        erased = await custodian.erase("customer", ZELDA.id, "ann", NOW)
        assert erased.calls == 1
        assert "call-z is held" in erased.waiting[0]
        ran = await custodian.round("the box", NOW, dry=False)
        assert len(ran.unfinished) == 1
        ran = await custodian.round("the box", until, dry=False)
        assert ran.unfinished == ()
        assert (await custodian.holds.all_()).holds == ()

    with keeping(both) as (_, custodian):
        anyio.run(erase, custodian)
    assert traces_of(both, ZELDA) == []


def test_a_call_that_goes_on_is_erased_the_night_after(both: Path) -> None:
    live = Script("call-live", YESTERDAY)
    live.events += call_with(ZELDA, "call-live")[:-2]

    async def erase(store: Store, custodian: Custodian) -> None:
        await write(store, live.events)
        erased = await custodian.erase("customer", ZELDA.id, "ann", NOW)
        assert "goes on" in erased.waiting[0]
        live.note(CallEnded(reason="hangup"))
        await write(store, live.events[-1:])
        assert not (await custodian.round("the box", NOW, dry=False)).unfinished

    with keeping(both) as (store, custodian):
        anyio.run(erase, store, custodian)
    assert traces_of(both, ZELDA) == []


def test_who_calls_again_after_the_erasure_is_not_erased(both: Path) -> None:
    again = call_with(ZELDA, "call-new", NOW + timedelta(hours=1))

    async def erase(store: Store, custodian: Custodian) -> None:
        await custodian.erase("customer", ZELDA.id, "ann", NOW)
        await write(store, again)
        await custodian.round("the box", NOW + timedelta(days=1), dry=False)
        found = await store.sessions(Search(text=ZELDA.words[0]))
        assert [one.call_id for one in found.sessions] == ["call-new"]

    with keeping(both) as (store, custodian):
        anyio.run(erase, store, custodian)


def test_one_call_of_somebody_unknown_can_be_erased(both: Path) -> None:
    unknown = Script("call-u", YESTERDAY)
    unknown.events += [one for one in call_with(ZELDA, "call-u") if one.kind != "customer"]
    unknown.tell(Customer(source="agent", card=card_of(OTTO)))

    async def erase(store: Store, custodian: Custodian) -> None:
        await write(store, unknown.events)
        await custodian.erase("customer", ZELDA.id, "ann", NOW)
        assert (await custodian.erase("call", "call-u", "ann", NOW)).calls == 1
        with pytest.raises(RetentionError, match="no call"):
            await custodian.erase("call", "call-nobody", "ann", NOW)

    with keeping(both) as (store, custodian):
        anyio.run(erase, store, custodian)
    assert traces_of(both, ZELDA) == []


def test_a_backup_tells_what_it_has_and_is_purged_when_it_comes_back(
    both: Path, tmp_path: Path
) -> None:
    backups = both / "backups"
    now = datetime.now(UTC)
    made = back_up(both, backups, [], now, both / "recordings")
    with keeping(both) as (_, custodian):
        erased = anyio.run(custodian.erase, "customer", ZELDA.id, "ann", now)
    [copy] = erased.backups
    assert (copy.path, copy.calls, copy.recordings) == (str(made), 2, 1)
    assert copy.expires is not None
    assert copy.expires.date() == (now + timedelta(days=7)).date()

    there = tmp_path / "elsewhere" / "data"
    keep_beside(both, backups)
    restore(made, there, now, lambda folder: take_along(backups, folder), replace=False)
    assert traces_of(there, ZELDA) != []
    with keeping(there) as (store, custodian):

        async def start() -> None:
            await custodian.start(now)
            assert not (await store.sessions(Search(text=ZELDA.words[0]))).sessions
            await custodian.round("the box", now, dry=False)

        anyio.run(start)
    assert traces_of(there, ZELDA) == []
    assert calls_in(there) == {"call-z", "call-z2", "call-o", "call-x"}
