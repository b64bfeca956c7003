"""Two real kits, the one upgraded to the other and back, where there is no network.

    python -m tests.load.upgrade FOLDER OLD NEW [--suite bookworm]
    python -m tests.load.upgrade FOLDER OLD NEW --broken KEY --cuts rehearse,save,start

FOLDER has both kits, OLD and NEW are their names in it. Installs OLD in a root of its own
(see tests.load.install), starts its service and takes a call; upgrades to NEW, looks, and
goes back. With the private KEY of the kits, kits of NEW that are no good are tried first
(all, or those of --faults); --cuts kills every process there as soon as that step is begun,
as a power cut would, and starts the machine again. Says how long each took, which release
answers then, how many calls are in the record, and for how long nobody answered. For root
alone.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from appliance.upgrade.steps import forward
from tests.kit.clean_root import borrow, debian, within
from tests.load.broken_kits import Fault, broken

# What systemd would do there.
SERVICE = """\
#!/bin/sh
set -eu
case $1 in
    start)
        setsid /usr/local/bin/appliance serve >>/root/service.log 2>&1 </dev/null &
        echo $! >/root/service.pid
        ;;
    stop)
        pid=$(cat /root/service.pid)
        kill "$pid" 2>/dev/null || exit 0
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        ;;
esac
"""

# `appliance status` would take more of the processor than the service itself.
WATCH = """\
import ssl, time, urllib.error, urllib.request

context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
silent = None
while True:
    now = time.monotonic()
    try:
        urllib.request.urlopen("https://127.0.0.1:8080/healthz", timeout=2, context=context)
    except urllib.error.HTTPError:
        answers = True
    except OSError:
        answers = False
    else:
        answers = True
    if answers and silent is not None:
        print(f"    nobody answered for {now - silent:.1f} s", flush=True)
    silent = None if answers else now if silent is None else silent
    time.sleep(0.2)
"""

# As one process tree: whoever enters a root again finds no service in it.
BEGIN = """\
set -u
PATH=/usr/local/bin:$PATH
service="sh /root/service"
upgrade="appliance upgrade --service 'sh /root/service' --drain-minutes 0.1"
until_well() {{
    for _ in $(seq 600); do
        if appliance status >/dev/null 2>&1; then return; fi
        sleep 1
    done
    echo "it is not well after ten minutes"
    exit 1
}}
told() {{ echo "--- $1: status $2, $(($(date +%s) - begun)) s"; begun=$(date +%s); }}
# A copy, since the service has it; nobody calls while it is made.
state() {{
    rm -rf /tmp/look && mkdir /tmp/look && cp /var/lib/appliance/appliance.duckdb* /tmp/look
    /opt/appliance/current/bin/python -c '{count}'
    appliance status | head -1
    begun=$(date +%s)
}}
begun=$(date +%s)
/kit/{old}/install; told install $?
$service start; until_well; told start $?
appliance replay --sample lost-bank-card --plain --speed 4 --url https://127.0.0.1:8080 \\
    | tail -1; told "a call" $?
state
before=$(readlink /opt/appliance/current)
"""

COUNT = (
    'import duckdb; print(*duckdb.connect("/tmp/look/appliance.duckdb").execute('
    '"SELECT count(DISTINCT call_id) FROM event").fetchone(), "calls in the record")'
)

BROKEN = """\
eval "$upgrade" --prove-minutes 1 /kit/{kit}; told "{fault} is no good" $?
until_well; told "well again" $?; state
"""

CUT = """\
eval "$upgrade" /kit/{new} &
until grep -q '"{step}"' /opt/appliance/upgrade.json 2>/dev/null; do sleep 0.05; done
kill -9 -1; wait; told "cut off at {step}" $?
appliance upgrade --resume --boot; told "what the machine does as it starts" $?
$service start; until_well; told "well again" $?; state
"""

THERE_AND_BACK = """\
python3 /root/watch &
watch=$!
eval "$upgrade" /kit/{new}; told upgrade $?; state
back="appliance rollback --service 'sh /root/service' --drain-minutes 0.1"
eval "$back"; told rollback $?; state
# Refused above where the older one cannot read the databases of the newer one.
[ "$(readlink /opt/appliance/current)" = "$before" ] || {{
    eval "$back" --set-aside; told "set aside" $?; state
}}
kill $watch
ls /var/lib/appliance.saved /opt/appliance/releases
du -sm /opt/appliance/releases/* /var/lib/appliance/models
$service stop
"""


def main() -> None:
    given = _parse()
    folder = given.folder.absolute()
    kits = {f".broken-{one}": one for one in given.faults if given.broken}
    with tempfile.TemporaryDirectory(prefix="appliance-root-") as where:
        root = Path(where)
        if given.suite:
            debian(root, given.suite)
        else:
            borrow(root)
        try:
            for name, fault in kits.items():
                broken(folder / given.new, folder / name, fault, given.broken)
            (root / "root/service").write_text(SERVICE)
            (root / "root/watch").write_text(WATCH)
            (root / "root/story").write_text("".join(_story(given, kits)))
            begun = time.monotonic()
            done = within(root, folder, "/bin/sh", "/root/story", aloud=True)
        finally:
            for name in kits:
                shutil.rmtree(folder / name, ignore_errors=True)
        print(f"{time.monotonic() - begun:.0f} s in all")
        log = root / "root/service.log"
        if done.returncode and log.exists():
            print(log.read_text()[-4000:])
        sys.exit(done.returncode)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--suite", default="")
    parser.add_argument("--broken", type=Path, help="private key of the kits")
    faults = get_args(Fault)
    parser.add_argument("--faults", nargs="*", choices=faults, default=faults)
    parser.add_argument("--cuts", type=_steps, default=(), help="steps, with commas")
    return parser.parse_args()


def _steps(text: str) -> tuple[str, ...]:
    steps = tuple(text.split(","))
    # The last one is over at once.
    if unknown := set(steps) - set(forward(room=True)[:-1]):
        raise argparse.ArgumentTypeError(f"no step of an upgrade: {', '.join(unknown)}")
    return steps


def _story(given: argparse.Namespace, kits: dict[str, Fault]) -> Iterator[str]:
    yield BEGIN.format(old=given.old, count=COUNT)
    for name, fault in kits.items():
        yield BROKEN.format(kit=name, fault=fault)
    cuts: Sequence[str] = given.cuts
    for step in cuts:
        yield CUT.format(new=given.new, step=step)
    yield THERE_AND_BACK.format(new=given.new)


if __name__ == "__main__":
    main()
