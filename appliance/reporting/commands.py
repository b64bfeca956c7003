"""What the command line asks of the figures, and what it is answered: data alone."""

from appliance.control.words import Answer, Command
from appliance.reporting.desk import Question
from appliance.reporting.figures import Metrics


class Report(Command, frozen=True, kw_only=True, tag="report"):
    question: Question
    format: str  # for the log


class Reported(Answer, frozen=True, kw_only=True, tag="reported"):
    metrics: Metrics
