"""Figures for whoever works on the box itself: who took which is in the audit log first."""

from datetime import UTC, datetime

from appliance.access.access import Access
from appliance.errors import ProtocolError
from appliance.reporting.commands import Report, Reported
from appliance.reporting.desk import Reporting
from appliance.reporting.table import figure_rows
from appliance.sheets.formats import MOST


async def report(
    reporting: Reporting, access: Access, command: Report, actor: str
) -> Reported:
    """Raises ProtocolError for a question that makes no sense, or has too long an answer;
    StoreError."""
    metrics = await reporting.metrics(command.question, datetime.now(UTC))
    count = len(figure_rows(metrics))
    if count > MOST:
        raise ProtocolError(
            f"These are more than {MOST} rows.",
            fix="Ask for a shorter period, or for fewer measures.",
        )
    detail = f"{count} rows as {command.format}"
    await access.record(actor, "report exported", "figures", detail)
    return Reported(metrics=metrics)
