"""The commands, and what a person sees when one of them cannot do its work."""

import os
import sys
from typing import Annotated

from appliance import __version__
from appliance.airgap import SWITCHES

# Before any library that might look for a model on the internet is loaded.
os.environ.update(SWITCHES)

import typer

from appliance.cli import (
    audit,
    importing,
    kb,
    kit,
    models,
    rules,
    tls,
    tokens,
    train,
    users,
)
from appliance.cli import eval as evaluation
from appliance.cli.backup import backup, restore
from appliance.cli.bench import bench
from appliance.cli.capacity import capacity
from appliance.cli.doctor import doctor
from appliance.cli.handbook import handbook
from appliance.cli.keeping import erase, export_app, hold_app, retention
from appliance.cli.monitoring import monitoring
from appliance.cli.rehearse import rehearse
from appliance.cli.replay import replay
from appliance.cli.report import report
from appliance.cli.serve import serve
from appliance.cli.status import status
from appliance.cli.upgrade import rollback, upgrade
from appliance.errors import ApplianceError
from appliance.shown import escaped

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(serve)
app.command()(replay)
app.command()(bench)
app.command()(capacity)
app.command()(status)
app.command()(report)
app.command()(monitoring)
app.command()(doctor)
app.command()(handbook)
app.command()(backup)
app.command()(restore)
app.command()(upgrade)
app.command()(rollback)
app.command(hidden=True)(rehearse)
app.command()(retention)
app.command()(erase)
app.add_typer(hold_app, name="hold")
app.add_typer(export_app, name="export")
app.add_typer(tls.app, name="tls")
app.add_typer(models.app, name="models")
app.add_typer(importing.app, name="import")
app.add_typer(kb.app, name="kb")
app.add_typer(kit.app, name="kit")
app.add_typer(rules.app, name="rules")
app.add_typer(train.app, name="train")
app.add_typer(users.app, name="users")
app.add_typer(tokens.app, name="tokens")
app.add_typer(audit.app, name="audit")
app.add_typer(evaluation.app, name="eval")


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"appliance {__version__}")
        raise typer.Exit


@app.callback()
def told_first(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Which release this is.",
            callback=_tell_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Live transcripts and advice for call-centre agents, on one box."""


def main() -> None:
    """Run a command; an ApplianceError is told in two lines and ends with status 1."""
    try:
        app()
    except ApplianceError as error:
        told = (escaped(error.problem), escaped(error.fix))
        print("Error: {}\nFix:   {}".format(*told), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BaseExceptionGroup as group:
        if group.split(BrokenPipeError)[1] is not None:
            raise
        # `| head` has seen enough. What is still buffered has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
