"""What can go wrong, what the admin and the agents see of it, and how it heals.

Tests that show a row carry its name: `@pytest.mark.fault("model process killed")`. Each
row has one, and each name a row; `python -m tests.docs.fault_table` runs them and writes
the table of the admin's handbook.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    name: str
    admin: str
    agents: str
    heals: str


FAULTS = (
    Fault(
        "model process killed",
        "`/healthz` 503 and the part `paused`, with the signal; the restarts are counted. "
        "Where another process of the kind took over: nothing but the count.",
        "`speech paused` or `suggestions paused`, then live; no word is lost or doubled.",
        "By itself, at once; what was in work is done again. From the second death on it "
        "waits, half a minute at most.",
    ),
    Fault(
        "model process hangs",
        "The log: `hangs (no heartbeat)` or `(stuck)`; then as if killed.",
        "The same, after ten seconds.",
        "By itself: it is ended and started anew.",
    ),
    Fault(
        "model out of memory",
        "`The model process ran out of memory`, with what to choose instead; where the "
        "kernel ended it, `SIGKILL (out of memory, ...)`. The kernel takes a model before "
        "the server.",
        "`speech paused`, then live; no word is lost.",
        "By itself; if it repeats, a smaller model or more memory.",
    ),
    Fault(
        "GPU gone",
        "At the start: `device is cuda, but ...`, and it does not start. While it serves: "
        "the part `paused`, with CUDA's own complaint.",
        "`speech paused` for as long as it lasts.",
        "A driver that came back: by itself, tried each half minute. Otherwise "
        "`[speech] device = 'cpu'`.",
    ),
    Fault(
        "model file damaged",
        "At the start: the file by name, and it does not start. While it serves, at the "
        "next restart of the process: the part `paused`, `cannot be loaded`.",
        "`speech paused` for as long as it lasts.",
        "`appliance models verify`, then `fetch` or `import`; the process takes the mended "
        "file by itself.",
    ),
    Fault(
        "record open elsewhere",
        "It does not start: `is open in another process`, with its id.",
        "Nothing: the first server goes on.",
        "End the other process.",
    ),
    Fault(
        "record damaged",
        "At the start: `is damaged`, or, where a block is read only later, the "
        "history says so. What is not damaged can be read, and calls are recorded.",
        "Nothing in calls.",
        "`appliance restore` of a backup.",
    ),
    Fault(
        "record's log torn",
        "The log: `write-ahead log was torn; cut it, whole copy in ...`.",
        "Nothing.",
        "By itself, at the start; what was acknowledged is there.",
    ),
    Fault(
        "disk full",
        "`/healthz`: `record` `failing`, `The disk of the record is full`.",
        "Calls go on. Nobody new signs in, since that could not be logged.",
        "By itself, once there is room: what was queued is written then.",
    ),
    Fault(
        "disk read-only",
        "At the start: `is on a read-only file system`, and it does not start; `appliance "
        "doctor` says so. While it serves: `record` `failing`, as if full.",
        "Calls go on.",
        "Mount it writable; what was queued is written then.",
    ),
    Fault(
        "disk of recordings full",
        "`/healthz`: the part `recordings` is `failing` or `full`, `Nothing is recorded: "
        "...`, with the fix; the wall says so, too. It stays `ok`: calls are served.",
        "Calls go on; both people see that nothing is recorded.",
        "By itself, once there is room: recording goes on, and the gap is marked.",
    ),
    Fault(
        "disk of recordings read-only",
        "The same, with `Read-only file system`.",
        "The same.",
        "Mount it writable; recording goes on, and the gap is marked.",
    ),
    Fault(
        "clock set back",
        "`appliance doctor`: `the record was written ... later than that`.",
        "Nothing: calls and sign-ins go on.",
        "Set the clock.",
    ),
    Fault(
        "clock set forward",
        "People who sign in again; a certificate that is due is renewed.",
        "Calls go on; whoever is signed in is asked for the password again.",
        "Set the clock.",
    ),
    Fault(
        "certificate runs out",
        "`/healthz`, `/metrics` and `appliance tls show`, a month before.",
        "The box's own: nothing. A site's own, once it has run out: the browser warns.",
        "The box's own renews itself under calls. A site's own: `appliance tls import`.",
    ),
    Fault(
        "network flapping",
        "Nothing: each page comes back.",
        "`Connecting ...`; no word is lost or told twice.",
        "By itself; the page keeps what was not acknowledged, and sends it again.",
    ),
    Fault(
        "browser asleep",
        "`appliance_refused_total` with `slow_reader`.",
        "The partner is `away`; back awake the page shows all it has missed.",
        "The box lets the socket go; the page comes back by itself.",
    ),
    Fault(
        "server killed",
        "systemd starts it anew.",
        "Pages connect again. Calls that were open are closed as `interrupted`; all that "
        "was shown as final is in the record.",
        "By itself.",
    ),
    Fault(
        "server hangs",
        "The log has where it hung; systemd starts it anew after a minute.",
        "`Connecting ...`, then as if killed.",
        "By itself.",
    ),
    Fault(
        "power cut",
        "Nothing but the start, which says what it closed.",
        "As if killed; what was acknowledged is in the record.",
        "By itself. An upgrade that was cut off is taken back at the start of the machine.",
    ),
)
