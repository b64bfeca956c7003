"""The installer: everything is looked at before anything is written, nothing is asked.

./install                      install, or again over itself
./install --lan 10.1.0.0/16    and let this network in
./install --check              only look
./install --uninstall          remove the software; settings and data stay
./install --uninstall --purge  remove those, too
"""

import argparse
import os
import shutil
import sys
import time
from ipaddress import ip_network
from pathlib import Path

from appliance.errors import ApplianceError, KitError
from appliance.kit import release, system
from appliance.kit.checking import check
from appliance.kit.listing import Listing
from appliance.kit.machine import look, require
from appliance.kit.place import Place


def main(arguments: list[str]) -> int:
    """Its exit status."""
    given = _parse(arguments)
    place = Place(given.root.absolute())
    try:
        if place.is_machine and os.getuid() != 0:
            raise KitError("This changes the machine.", fix="Run it as root (sudo).")
        if given.uninstall:
            _uninstall(place, purge=given.purge)
        else:
            _install(given.kit, place, given)
    except ApplianceError as error:
        _say(f"Error: {error.problem}\nFix:   {error.fix}", sys.stderr.fileno())
        return 1
    except OSError as error:
        _say(f"Error: {error}.\nFix:   See to the disk, then run it again.", 2)
        return 1
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="install", description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, default=Path("/"), help="of another disk")
    parser.add_argument("--lan", action="append", default=[], help="a network to let in")
    parser.add_argument("--check", action="store_true", help="only look")
    parser.add_argument("--no-start", action="store_true", help="start nothing")
    parser.add_argument("--uninstall", action="store_true", help="settings, data stay")
    parser.add_argument("--purge", action="store_true", help="with --uninstall: these too")
    return parser.parse_args(arguments)


def _install(kit: Path, place: Place, given: argparse.Namespace) -> None:
    begun = time.monotonic()
    for network in given.lan:
        _check_network(network)
    listing = _check(kit, place)
    machine = look(listing, (place.software, place.data))
    require(machine, listing)
    _say(f"{machine.system} can take it.")
    if given.check:
        return
    remaining = system.make_user(place)
    python = next(iter(machine.pythons.values()))
    _say(f"Release {listing.version}, with {python} ...")
    made = release.build(kit, listing, place, python)
    remaining += system.make_folders(place, listing.key)
    _say(f"Models: {', '.join(listing.models) or 'none'} ...")
    system.bring_models(place, kit, listing.models, made)
    remaining += system.give(place) if place.is_machine else []
    release.use(place, listing.version)
    system.place_units(place, made)
    if given.lan:
        system.let_in(place, given.lan)
    if not given.no_start:
        remaining += system.start(place)
    _tell(place, listing, remaining, time.monotonic() - begun)


def _check(kit: Path, place: Place) -> Listing:
    pinned = place.key.read_text().strip() if place.key.exists() else None
    listing = check(kit, pinned)
    _say(f"Version {listing.version}: {len(listing.files)} files are as they were signed.")
    if pinned is None:
        _say(
            f"Signed by {listing.key}\n"
            "Compare it with what their maker says; later kits must have the same."
        )
    used = release.current(place)
    if used is not None and used.version != listing.version:
        raise KitError(
            f"Version {used.version} is installed; the kit is {listing.version}.",
            fix=f"`appliance upgrade {kit}` takes it up, and back if it is no good.",
        )
    return listing


def _tell(place: Place, listing: Listing, remaining: list[str], took_s: float) -> None:
    folder = release.release(place, listing.version).folder
    bytes_ = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    bytes_ += sum(path.stat().st_size for path in place.models.rglob("*") if path.is_file())
    _say(f"Installed in {took_s:.0f} s; it takes {bytes_ / 1e6:.0f} MB.")
    lan = place.units / f"{system.SERVICE}.d/lan.conf"
    if not lan.exists():
        remaining.append("Let your network in: run this again with --lan NETWORK/BITS")
    for line in remaining:
        _say(f"Left to do. {line}")
    if place.is_machine:
        _say(
            "The first password: /var/lib/appliance/access/first-password. "
            "How it does: appliance status"
        )


def _check_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError as error:
        raise KitError(f"--lan: {error}.", fix="Write it as 10.1.0.0/16.") from error


def _uninstall(place: Place, *, purge: bool) -> None:
    system.stop(place)
    system.forget_units(place, release.current(place))
    shutil.rmtree(place.software, ignore_errors=True)
    shutil.rmtree(place.cache, ignore_errors=True)
    if not purge:
        _say(f"Removed. {place.settings} and {place.data} stay; --purge removes them, too.")
        return
    shutil.rmtree(place.units / f"{system.SERVICE}.d", ignore_errors=True)
    shutil.rmtree(place.settings, ignore_errors=True)
    shutil.rmtree(place.data, ignore_errors=True)
    system.remove_user(place)
    _say("Removed, with settings and data.")


def _say(line: str, to: int = 1) -> None:
    """Not `print`, which only commands of appliance.cli use: there is none here yet."""
    os.write(to, f"{line}\n".encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
