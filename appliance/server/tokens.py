"""Tokens of machines, over HTTP."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from appliance.access.access import Access
from appliance.access.commands import AddMachine, RevokeMachine
from appliance.access.office import Office
from appliance.access.people import Person
from appliance.access.tokens import Machine, Scope
from appliance.server.answers import answer, read_body

Name = Annotated[str, Meta(max_length=200)]


class TokenRow(Struct, frozen=True, kw_only=True):
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime
    made_by: str


class TokenList(Struct, frozen=True, kw_only=True):
    tokens: tuple[TokenRow, ...]


class TokenWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(max_length=10)]
    days: int


class NewToken(Struct, frozen=True, kw_only=True):
    secret: str  # told this once
    expires: datetime


class RevokeWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name


async def list_(
    _access: Access, office: Office, _admin: Person, _request: Request
) -> Response:
    return answer(_all(office))


async def add(_access: Access, office: Office, admin: Person, request: Request) -> Response:
    wish = await read_body(request, TokenWish)
    command = AddMachine(name=wish.name, scopes=wish.scopes, days=wish.days)
    made = await office.add_machine(command, admin.name)
    return answer(NewToken(secret=made.secret, expires=made.expires), 201)


async def revoke(
    _access: Access, office: Office, admin: Person, request: Request
) -> Response:
    # The name in the body: it may have any character in it.
    wish = await read_body(request, RevokeWish)
    await office.perform(RevokeMachine(name=wish.name), admin.name)
    return answer(_all(office))


def _all(office: Office) -> TokenList:
    return TokenList(tokens=tuple(map(_row, office.machines().machines)))


def _row(machine: Machine) -> TokenRow:
    return TokenRow(
        name=machine.name,
        scopes=machine.scopes,
        created=machine.created,
        expires=machine.expires,
        made_by=machine.made_by,
    )
