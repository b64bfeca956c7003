"""How often one may try, and how long what the box hands out is good for.

What a site may want otherwise is a setting (`[access]`).
"""

from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

Against: TypeAlias = Literal["account", "address", "device"]


class Pace(NamedTuple):
    """So many wrong tries cost nothing; each one more doubles the wait.

    A wrong try is forgotten after `forgive_s`, one after the other.
    """

    free: int
    first_s: float = 1.0
    most_s: float = 300.0
    forgive_s: float = 600.0


PACES: dict[Against, Pace] = {
    "account": Pace(free=5),
    # Shared by everybody behind it: a whole floor, where there is a terminal server.
    "address": Pace(free=20, forgive_s=60.0),
    "device": Pace(free=5),
}

# Of one person at a time, as of browsers that are known; the oldest ends.
MOST_SESSIONS = 20

# A browser stays known for so long after the last sign-in.
DEVICE_LIFE = timedelta(days=90)

# A customer's token: half an hour of waiting, and the longest of calls.
GUEST_LIFE = timedelta(hours=4)

# After the call: for the page to learn how it ended.
GUEST_LEAVES = timedelta(minutes=1)

# An agent's code for a customer: told on the telephone, typed at once.
INVITE_LIFE = timedelta(minutes=15)
