"""Walk the steps, and take them back where one fails. All IO is by what is given."""

from collections.abc import Sequence
from typing import Protocol

from appliance.errors import ApplianceError, UpgradeError
from appliance.upgrade.journal import Journal
from appliance.upgrade.steps import Step, Undo, backward


class Hands(Protocol):
    """Who does it. Everything may be repeated."""

    def keep(self, journal: Journal) -> None:
        """On the disk when it returns."""

    def do(self, step: Step, journal: Journal) -> Journal:
        """Raises ApplianceError, OSError."""

    def undo(self, undo: Undo, journal: Journal) -> None:
        """Raises ApplianceError, OSError."""


def carry_out(journal: Journal, steps: Sequence[Step], hands: Hands) -> None:
    """Raises UpgradeError for a step that failed; what was begun is then taken back."""
    try:
        for step in steps:
            journal = journal.beginning(step)
            hands.keep(journal)
            journal = hands.do(step, journal)
    except (ApplianceError, OSError, KeyboardInterrupt) as error:
        if "done" in journal.begun:
            raise
        take_back(journal, hands)
        fix = (
            error.fix if isinstance(error, ApplianceError) else "See to it, and try again."
        )
        raise UpgradeError(
            f"{_said(error)} So {journal.old} is in use, as before "
            f"(it failed at: {journal.begun[-1]}).",
            fix=fix,
        ) from error
    take_back(journal, hands)


def take_back(journal: Journal, hands: Hands) -> None:
    """What the journal says was begun; only tidy up what was done. Raises ApplianceError,
    OSError."""
    for undo in backward(journal.begun, changes_data=journal.changes_data):
        hands.undo(undo, journal)


def _said(error: BaseException) -> str:
    if isinstance(error, ApplianceError):
        return error.problem
    return "It was interrupted." if isinstance(error, KeyboardInterrupt) else f"{error}."
