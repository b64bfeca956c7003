"""Who may sign in, over HTTP: the list, and every change of it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.access.access import Access
from appliance.access.commands import (
    AddPeople,
    AnyCommand,
    Listed,
    NewPerson,
    SetDisabled,
    SetRoles,
    SignOut,
)
from appliance.access.office import Office
from appliance.access.people import Person, StaffRole
from appliance.access.refusals import NotAllowed
from appliance.server.answers import NotFound, answer, read_body

Roles = Annotated[tuple[StaffRole, ...], Meta(max_length=10)]


class PersonRow(Struct, frozen=True, kw_only=True):
    """`last_seen` is of the sign-ins that have not ended; null without one."""

    id: str
    name: str
    roles: tuple[StaffRole, ...]
    created: datetime
    disabled: bool
    must_change: bool
    sessions: int
    last_seen: datetime | None


class PeopleList(Struct, frozen=True, kw_only=True):
    people: tuple[PersonRow, ...]  # by name


class PersonWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=200)]
    roles: Roles


class RolesWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    roles: Roles


async def list_(
    _access: Access, office: Office, _admin: Person, _request: Request
) -> Response:
    return answer(_everybody(office))


async def add(_access: Access, office: Office, admin: Person, request: Request) -> Response:
    """The one-time password is told this once."""
    wish = await read_body(request, PersonWish)
    new = NewPerson(name=wish.name, roles=wish.roles)
    made = await office.add(AddPeople(people=(new,)), admin.name)
    return answer(made.new[0], 201)


async def set_roles(
    access: Access, office: Office, admin: Person, request: Request
) -> Response:
    person = _person(access, request)
    wish = await read_body(request, RolesWish)
    return await _changed(office, admin, SetRoles(name=person.name, roles=wish.roles))


async def disable(
    access: Access, office: Office, admin: Person, request: Request
) -> Response:
    person = _other(access, admin, request)
    return await _changed(office, admin, SetDisabled(name=person.name, disabled=True))


async def enable(
    access: Access, office: Office, admin: Person, request: Request
) -> Response:
    person = _person(access, request)
    return await _changed(office, admin, SetDisabled(name=person.name, disabled=False))


async def reset(
    access: Access, office: Office, admin: Person, request: Request
) -> Response:
    """The one-time password is told this once."""
    person = _other(access, admin, request)
    made = await office.reset(person.name, admin.name)
    return answer(made.new[0])


async def sign_out(
    access: Access, office: Office, admin: Person, request: Request
) -> Response:
    person = _person(access, request)
    return await _changed(office, admin, SignOut(name=person.name))


def _person(access: Access, request: Request) -> Person:
    """Raises NotFound."""
    person = access.roster.people.get(request.path_params["person_id"])
    if person is None:
        raise NotFound("There is no such account.", fix="See GET /api/people.")
    return person


def _other(access: Access, admin: Person, request: Request) -> Person:
    """Raises NotFound; NotAllowed for oneself, who would be out with nobody to help."""
    person = _person(access, request)
    if person.id == admin.id:
        raise NotAllowed(
            "This is your own account.",
            fix="Change your password in the settings; let another administrator do "
            "the rest.",
        )
    return person


async def _changed(office: Office, admin: Person, command: AnyCommand) -> Response:
    await office.perform(command, admin.name)
    return answer(_everybody(office))


def _everybody(office: Office) -> PeopleList:
    return PeopleList(people=tuple(map(_row, office.people().people)))


def _row(one: Listed) -> PersonRow:
    person = one.person
    return PersonRow(
        id=person.id,
        name=person.name,
        roles=person.roles,
        created=person.created,
        disabled=person.disabled,
        must_change=person.must_change,
        sessions=one.sessions,
        last_seen=one.last_seen,
    )
