"""`appliance tokens`: what machines sign in with."""

from typing import Annotated, get_args

import typer

from appliance.access.commands import (
    AddMachine,
    ListMachines,
    Machines,
    MachineSecret,
    RevokeMachine,
)
from appliance.access.refusals import AccountError
from appliance.access.tokens import Scope
from appliance.cli.accounts import accounts_app, perform, show
from appliance.control.words import Done

SCOPES: tuple[Scope, ...] = get_args(Scope)

app = accounts_app("What machines sign in with.")


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Says which machine has it.")],
    scope: Annotated[
        list[str], typer.Option(help=f"{', '.join(SCOPES)}; may be given again.")
    ],
    days: Annotated[int, typer.Option(help="It ends after so many days.")] = 365,
) -> None:
    """Make a token. It is sent as `Authorization: Bearer TOKEN`."""
    scopes = tuple(known for known in SCOPES if known in scope)
    if set(scope) - set(scopes):
        raise AccountError(
            f"There is no scope {sorted(set(scope) - set(scopes))[0]!r}.",
            fix=f"Give one of {', '.join(SCOPES)}.",
        )
    wish = AddMachine(name=name, scopes=scopes, days=days)
    made = perform(context.obj, wish, MachineSecret)
    typer.echo(made.secret)
    typer.echo(f"Shown this once; it ends on {made.expires:%Y-%m-%d}.", err=True)


@app.command("list")
def list_(context: typer.Context) -> None:
    """Show every token, without its secret."""
    machines = perform(context.obj, ListMachines(), Machines).machines
    rows = [
        (
            one.name,
            ", ".join(one.scopes),
            f"{one.expires:%Y-%m-%d}",
            f"{one.created:%Y-%m-%d}",
            one.made_by,
        )
        for one in machines
    ]
    show(("Name", "Scopes", "Ends", "Made", "By"), rows)


@app.command()
def revoke(context: typer.Context, name: str) -> None:
    """Make a token void, at once."""
    perform(context.obj, RevokeMachine(name=name), Done)
    typer.echo(f"The token {name} is void.")
