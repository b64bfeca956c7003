"""Whether a call is to be recorded: by the site's policy, and by those in it. No IO."""

from appliance.errors import ProtocolError
from appliance.messages import RecordingState
from appliance.settings import Policy


class Wanted:
    """Of one call."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.on = policy == "always"
        self._asked = False

    @property
    def choice(self) -> bool:
        """Whether people decide."""
        return self.policy == "on_consent"

    def ask(self, *, on: bool) -> bool:
        """The customer agrees, or does not any more; False if it is so already.

        Raises ProtocolError where the site has decided.
        """
        if self.policy == "never":
            raise ProtocolError(
                "Calls of this queue are not recorded.",
                fix="An admin may set [recording] enabled or queues.",
            )
        if self.policy == "always" and not on:
            raise ProtocolError(
                "Every call of this queue is recorded.",
                fix="Use payment mode for what must not be kept.",
            )
        changed = on != self.on or not self._asked
        self.on, self._asked = on, True
        return changed

    def state(self, *, room: bool) -> RecordingState:
        """What people are told; `room`: the disk takes it."""
        if self.on:
            return "on" if room else "failing"
        if self.policy == "never":
            return "off"
        return "stopped" if self._asked else "waiting"
