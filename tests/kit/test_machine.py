"""What a machine lacks is told before anything is written, all of it at once."""

from pathlib import Path
from typing import Any

import pytest

from appliance.errors import KitError
from appliance.kit.listing import Listing
from appliance.kit.machine import Machine, look, require

DAY_S = 24 * 3600
LISTING = Listing(
    version="0.1.0",
    made=1_767_225_600,
    key="",
    pythons=("3.11",),
    platform="Linux-x86_64",
    glibc="2.34",
    processor=("avx2", "fma"),
    disk_mb=3000,
    memory_mb=3000,
)
GOOD: dict[str, Any] = {
    "platform": "Linux-x86_64",
    "system": "Debian GNU/Linux 12 (bookworm)",
    "glibc": "2.36",
    "processor": frozenset({"avx2", "fma", "avx512f"}),
    "memory_mb": 8000,
    "free_mb": {Path("/opt"): 9000},
    "now": float(LISTING.made + DAY_S),
    "pythons": {"3.11": Path("/usr/bin/python3.11")},
}


def test_a_machine_that_has_it_all_is_taken() -> None:
    require(Machine(**GOOD), LISTING)


@pytest.mark.parametrize(
    ("change", "problem", "fix"),
    [
        ({"platform": "Linux-aarch64"}, "is Linux-aarch64", "made on such a machine"),
        ({"glibc": "2.31"}, "has glibc 2.31", "Debian 12"),
        ({"glibc": ""}, "has no glibc", "Debian 12"),
        ({"processor": frozenset({"fma"})}, "has no avx2", "cpu host"),
        ({"pythons": {}}, "no Python 3.11 with its venv", "apt install python3.11"),
        ({"free_mb": {Path("/opt"): 2999}}, "/opt has 2999 MB free", "Free some space"),
        ({"memory_mb": 2000}, "2000 MB of memory", "smaller --model"),
        ({"now": 0.0}, "clock says 1970-01-01", "timedatectl"),
        ({"now": float(LISTING.made + 40 * 365 * DAY_S)}, "clock says", "timedatectl"),
    ],
)
def test_what_a_machine_lacks_is_named_with_what_helps(
    change: dict[str, Any], problem: str, fix: str
) -> None:
    with pytest.raises(KitError) as refused:
        require(Machine(**GOOD | change), LISTING)
    assert problem in refused.value.problem
    assert fix in refused.value.fix


@pytest.mark.parametrize(
    "change",
    [
        {"glibc": "2.34"},
        {"processor": frozenset()},  # it does not tell
        {"memory_mb": 0},
        {"now": float(LISTING.made - DAY_S // 2)},
    ],
)
def test_what_is_just_enough_or_not_known_keeps_nobody_out(change: dict[str, Any]) -> None:
    require(Machine(**GOOD | change), LISTING)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(KitError) as refused:
        require(Machine(**GOOD | {"memory_mb": 1, "now": 0.0, "pythons": {}}), LISTING)
    told = refused.value.problem
    assert all(part in told for part in ("memory", "clock", "Python 3.11"))


def test_this_machine_is_seen_as_it_is(tmp_path: Path) -> None:
    seen = look(LISTING, (tmp_path / "not/yet",))
    assert seen.platform.startswith("Linux-")
    assert seen.system
    assert seen.free_mb[tmp_path / "not/yet"] > 0
