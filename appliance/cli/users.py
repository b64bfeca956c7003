"""`appliance users`: who may sign in."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from appliance.access.commands import (
    AddPeople,
    ListPeople,
    NewPerson,
    Passwords,
    People,
    ResetPassword,
    SetDisabled,
    SetRoles,
)
from appliance.access.people import ROLES, StaffRole
from appliance.access.refusals import AccountError
from appliance.cli.accounts import accounts_app, perform, show
from appliance.control.words import Done
from appliance.shown import csv_line

app = accounts_app("Who may sign in.")

Name = Annotated[str, typer.Argument(help="As they sign in; upper or lower case.")]


@app.command()
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[
        list[str], typer.Option(help=f"{', '.join(ROLES)}; may be given again.")
    ],
) -> None:
    """Make an account, and tell its one-time password."""
    person = NewPerson(name=name, roles=_roles(role))
    _tell(perform(context.obj, AddPeople(people=(person,)), Passwords))


@app.command("list")
def list_(context: typer.Context) -> None:
    """Show every account."""
    people = perform(context.obj, ListPeople(), People).people
    rows = [
        (
            one.person.name,
            ", ".join(one.person.roles),
            _state(one.person.disabled, one.person.must_change),
            f"{one.sessions}",
            f"{one.last_seen:%Y-%m-%d %H:%M}" if one.last_seen else "",
        )
        for one in people
    ]
    show(("Name", "Roles", "State", "Signed in", "Last seen (UTC)"), rows)


@app.command()
def roles(
    context: typer.Context,
    name: Name,
    role: Annotated[
        list[str], typer.Option(help=f"{', '.join(ROLES)}; all that they are to have.")
    ],
) -> None:
    """Give somebody these roles, and no others; it takes effect at once."""
    given = _roles(role)
    perform(context.obj, SetRoles(name=name, roles=given), Done)
    typer.echo(f"{name} is {', '.join(given)} now.")


@app.command()
def disable(context: typer.Context, name: Name) -> None:
    """Sign somebody out everywhere and let them in no more."""
    perform(context.obj, SetDisabled(name=name, disabled=True), Done)
    typer.echo(f"{name} may not sign in any more.")


@app.command()
def enable(context: typer.Context, name: Name) -> None:
    """Let somebody in again who was disabled, or who has tried too often."""
    perform(context.obj, SetDisabled(name=name, disabled=False), Done)
    typer.echo(f"{name} may sign in.")


@app.command()
def reset(context: typer.Context, name: Name) -> None:
    """Sign somebody out everywhere and tell a new one-time password."""
    _tell(perform(context.obj, ResetPassword(name=name), Passwords))


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with the columns name and roles.")],
) -> None:
    """Make the accounts of a CSV file, all or none; tells `name,password` of the new ones.

    Several roles are separated by spaces. People who are there get the roles of the file.
    """
    people = tuple(_read(file))
    told = perform(context.obj, AddPeople(people=people, known=True), Passwords)
    for one in told.new:
        typer.echo(csv_line((one.name, one.password)))
    typer.echo(f"{len(told.new)} new, {len(told.changed)} with other roles.", err=True)


def _read(file: Path) -> list[NewPerson]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise AccountError(
            f"{file} cannot be read: {error}.", fix="Give a CSV file in UTF-8."
        ) from error
    if not rows or not {"name", "roles"} <= rows[0].keys():
        raise AccountError(
            f"{file} has no people in it.",
            fix="Give the columns name and roles in its first line, and a line for each.",
        )
    return [
        NewPerson(name=row["name"] or "", roles=_roles((row["roles"] or "").split()))
        for row in rows
    ]


def _roles(given: list[str]) -> tuple[StaffRole, ...]:
    roles = tuple(role for role in ROLES if role in given)
    unknown = sorted(set(given) - set(roles))
    if unknown:
        raise AccountError(
            f"There is no role {unknown[0]!r}.", fix=f"Give one of {', '.join(ROLES)}."
        )
    return roles


def _state(disabled: bool, must_change: bool) -> str:
    if disabled:
        return "disabled"
    return "one-time password" if must_change else "active"


def _tell(told: Passwords) -> None:
    for one in told.new:
        typer.echo(f"One-time password of {one.name}: {one.password}")
        typer.echo("It is shown this once, and has to be changed at the first sign-in.")
