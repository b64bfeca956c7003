"""The site's own list of what an agent can do next."""

import re

from appliance.assistant.examples import ACTIONS, NONE
from appliance.errors import SettingsError

_LABEL = re.compile(r"[a-z][a-z0-9_]{0,39}")

# Each is weighed at every advice, and the model reads the whole list.
MOST = 200


def action_labels(setting: str) -> tuple[str, ...]:
    """The labels of `[advice] actions`, `none` always among them. Raises SettingsError."""
    labels = tuple(dict.fromkeys(part.strip() for part in setting.split(",")))
    wrong = [label for label in labels if not _LABEL.fullmatch(label)]
    if wrong or len(labels) > MOST:
        raise SettingsError(
            f"[advice] actions has {wrong[0]!r} in it."
            if wrong
            else f"[advice] actions has {len(labels)} names; {MOST} are allowed.",
            fix="Write names of small letters and _, with commas between: "
            f"{', '.join(ACTIONS[:3])}.",
        )
    return labels if NONE in labels else (*labels, NONE)
