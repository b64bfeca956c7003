"""Two real kits, the one upgraded to the other and back, where there is no network.

    python -m tests.load.upgrade FOLDER OLD NEW [--suite bookworm]

FOLDER has both kits, OLD and NEW are their names in it. Installs OLD in a root of its own
(see tests.load.install), starts its service, upgrades to NEW, looks, and goes back; says
how long each took, and for how long nobody answered. For root alone.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.kit.clean_root import borrow, debian, within

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

# As one process tree: whoever enters a root again finds no service in it.
STORY = """\
set -u
PATH=/usr/local/bin:$PATH
service="sh /root/service"
until_well() {{
    for _ in $(seq 300); do
        if appliance status >/dev/null 2>&1; then return; fi
        sleep 1
    done
    echo "it is not well after five minutes"
    exit 1
}}
told() {{ echo "--- $1: status $2, $(($(date +%s) - begun)) s"; begun=$(date +%s); }}
begun=$(date +%s)
/kit/{old}/install; told install $?
$service start; until_well; told start $?
appliance replay --sample lost-bank-card --plain --speed 4 --url https://127.0.0.1:8080 \\
    | tail -1; told "a call" $?
(while :; do
    appliance status 2>/dev/null | head -1 || :
    sleep 1
done) >/root/seen &
watch=$!
appliance upgrade /kit/{new} --service "$service" --drain-minutes 0.1; told upgrade $?
appliance status | head -1
appliance rollback --service "$service" --drain-minutes 0.1; told rollback $?
appliance rollback --service "$service" --drain-minutes 0.1 --set-aside; told "set aside" $?
appliance status | head -1
kill $watch
sort /root/seen | uniq -c
ls /var/lib/appliance.saved /opt/appliance/releases
du -sm /opt/appliance/releases/* /var/lib/appliance/models
$service stop
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--suite", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="appliance-root-") as folder:
        root = Path(folder)
        if given.suite:
            debian(root, given.suite)
        else:
            borrow(root)
        (root / "root/service").write_text(SERVICE)
        (root / "root/story").write_text(STORY.format(old=given.old, new=given.new))
        begun = time.monotonic()
        done = within(root, given.folder.absolute(), "/bin/sh", "/root/story")
        print(done.stdout + done.stderr)
        print(f"{time.monotonic() - begun:.0f} s in all")
        log = root / "root/service.log"
        if done.returncode and log.exists():
            print(log.read_text()[-4000:])
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
