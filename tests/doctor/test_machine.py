"""The machine: this one is fit, and the unfit are found out."""

import os
import platform
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.doctor import machine
from appliance.doctor.site import Site
from appliance.settings import ServerSettings, Settings, SpeechSettings


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(
        Settings(server=ServerSettings(data_dir=str(tmp_path / "data"))), datetime.now(UTC)
    )


def test_a_processor_without_what_the_engines_need_is_wrong(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "cpuinfo"
    old.write_text("processor : 0\nflags : fpu sse2 avx\n")
    monkeypatch.setattr(machine, "CPU", old)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    [found] = machine.processor(site)
    assert found.state == "wrong"
    assert "avx2, fma, f16c" in found.found


def test_memory_is_compared_with_what_the_models_take(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = tmp_path / "meminfo"
    monkeypatch.setattr(machine, "MEMORY", little)
    little.write_text("MemTotal:       64000000 kB\nMemFree: 1 kB\n")
    assert [one.state for one in machine.memory(site)] == ["ok"]
    little.write_text("MemTotal:        1000000 kB\n")
    [found] = machine.memory(site)
    assert (found.state, "appliance models list" in found.fix) == ("wrong", True)
    little.write_text("nothing\n")
    assert [one.state for one in machine.memory(site)] == ["unknown"]


def test_a_disk_is_measured_where_the_record_will_be(site: Site) -> None:
    [room] = machine.disk(site)
    assert str(site.data_dir.parent) in room.found
    [speed] = machine.disk_speed(site)
    assert speed.state in ("ok", "soon")
    assert not site.data_dir.exists()


def test_a_full_disk_is_wrong_before_it_is_full(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage(site.nearest)
    for free, state in ((100_000_000, "wrong"), (2_000_000_000, "soon"), (10**10, "ok")):
        usage = real._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        assert [one.state for one in machine.disk(site)] == [state]


def test_a_clock_before_this_program_is_wrong(site: Site) -> None:
    dead_battery = site._replace(now=datetime(1970, 1, 1, tzinfo=UTC))
    assert [one.state for one in machine.clock(dead_battery)] == ["wrong"]


@pytest.mark.fault("clock set back")
def test_a_clock_behind_the_record_is_wrong(site: Site) -> None:
    site.data_dir.mkdir()
    record = site.data_dir / "appliance.duckdb"
    record.touch()
    assert [one.state for one in machine.clock(site)] == ["ok"]
    tomorrow = (site.now + timedelta(days=1)).timestamp()
    os.utime(record, (tomorrow, tomorrow))
    [found] = machine.clock(site)
    assert found.state == "wrong"
    assert "24.0 h later" in found.found


def test_a_gpu_is_missed_only_where_one_is_demanded(site: Site) -> None:
    [found] = machine.graphics(site)
    assert found.state == "ok"
    if "none is needed" in found.found:
        demanding = Settings(
            server=site.settings.server, speech=SpeechSettings(device="cuda")
        )
        [found] = machine.graphics(site._replace(settings=demanding))
        assert found.state == "wrong"
