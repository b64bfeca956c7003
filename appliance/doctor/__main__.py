"""The doctor in a process of its own, for a service that runs.

`python -m appliance.doctor` takes the settings as JSON and answers with a Step a line. A
library that is asked about a broken driver may end it, and the service must not end too.
"""

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from appliance.doctor.examine import examine_beside
from appliance.doctor.site import Site
from appliance.settings import Settings

NICEST = 19


def main() -> None:
    os.nice(NICEST)
    with suppress(OSError):  # a kernel that groups nothing by session
        Path("/proc/self/autogroup").write_text(str(NICEST))
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)
    for step in examine_beside(Site(settings, datetime.now(UTC))):
        sys.stdout.buffer.write(msgspec.json.encode(step) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
