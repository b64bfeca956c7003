"""`appliance monitoring`: what Prometheus and Grafana need to know of the box, to be piped
into files."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path(__file__).parents[1] / "monitoring"


class Part(StrEnum):
    grafana = "grafana.json"  # a dashboard, to be imported
    prometheus = "prometheus.yml"  # where and how to read the box
    alerts = "alerts.yml"  # rules for Prometheus


def monitoring(
    part: Annotated[Part, typer.Argument(help="Which file.")],
) -> None:
    """Print the Grafana dashboard, or what Prometheus needs."""
    print((FOLDER / part).read_text(), end="")
