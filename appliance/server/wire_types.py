"""The browser's types, made from the structs that go over the wire: JSON Schema in,
TypeScript out.

A field with a default is always there in what we send, and may be left out in what we are
sent. Beside the types go the shapes of the socket's messages, by which a page checks what
it receives: a box may be older or newer than the page that is open.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, get_args

import msgspec

from appliance.access.commands import OneTime
from appliance.access.inspection import Inspection
from appliance.duty import AgentMessage, AgentNews
from appliance.messages import ServerMessage
from appliance.received import ClientMessage
from appliance.reporting.figures import Metrics
from appliance.retention.commands import Erased, Holds, Ran
from appliance.server.audit import AuditPage
from appliance.server.auth import Me, PasswordWish, SignInWish
from appliance.server.board import CallsGoingOn
from appliance.server.calls import CallStatus, Queue, Seat, Stats, Wish
from appliance.server.customers import CustomerDetail, Hits
from appliance.server.doctor import Examination
from appliance.server.health import Health
from appliance.server.invites import Invite, Invited, InviteWish
from appliance.server.knowledge import (
    ArticleDetail,
    ArticleList,
    ArticlesChanged,
    ArticleWish,
    RemoveWish,
    TriedHits,
)
from appliance.server.people import PeopleList, PersonWish, RolesWish
from appliance.server.recordings import RecordingDetail
from appliance.server.retention import CallHolds, EraseWish, HoldWish
from appliance.server.sessions import DraftState, WrapUpWish
from appliance.server.tokens import NewToken, RevokeWish, TokenList, TokenWish
from appliance.store.event import (
    AdviceBecame,
    CallEnded,
    CallStarted,
    Consent,
    Joined,
    Left,
    Overheard,
    Purged,
    RecordingKept,
    WrapUp,
)
from appliance.store.rows import SessionDetail, SessionPage
from appliance.supervision import FloorNews, SupervisorMessage

Schema: TypeAlias = Mapping[str, Any]

FILE = (
    Path(__file__).parents[1] / "ui" / "packages" / "agent-ui" / "src" / "wire" / "types.ts"
)

FACTS = (
    *(CallStarted, Joined, Left, CallEnded),
    *(Overheard, AdviceBecame, WrapUp),
    *(Consent, RecordingKept, Purged),
)
ANSWERS = (
    CallStatus,
    CallsGoingOn,
    Queue,
    Seat,
    Stats,
    Health,
    SessionPage,
    SessionDetail,
    RecordingDetail,
    Metrics,
    Hits,
    CustomerDetail,
    DraftState,
    ArticleList,
    ArticleDetail,
    ArticlesChanged,
    TriedHits,
    Me,
    Invite,
    Invited,
    PeopleList,
    OneTime,
    TokenList,
    NewToken,
    AuditPage,
    Inspection,
    Examination,
    Holds,
    CallHolds,
    Ran,
    Erased,
)
WISHES = (
    Wish,
    ArticleWish,
    RemoveWish,
    WrapUpWish,
    SignInWish,
    PasswordWish,
    InviteWish,
    PersonWish,
    RolesWish,
    TokenWish,
    RevokeWish,
    HoldWish,
    EraseWish,
)

HEAD = """// Made by `./scripts/lint` from the structs of messages and answers.
// A test fails when this file and the structs differ.
"""

SHAPE = """/** How to check a value that came over the wire. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | Readonly<{ oneOf: readonly string[] }>
  | Readonly<{ list: Shape }>
  | Readonly<{ nullable: Shape }>
  | Fields;

/** `[shape]`, or `[shape, what an older box means by leaving it out]`. */
export type Fields = Readonly<{
  fields: Readonly<Record<string, readonly [Shape] | readonly [Shape, unknown]>>;
}>;
"""


def typescript() -> str:
    """The whole file."""
    sent = [*get_args(ServerMessage), *get_args(AgentNews), *get_args(FloorNews)]
    told = [
        *get_args(ClientMessage),
        *get_args(AgentMessage),
        *get_args(SupervisorMessage),
        *WISHES,
    ]
    wanted = dict.fromkeys([*sent, *told, *FACTS, *ANSWERS])
    _, schemas = msgspec.json.schema_components(wanted)
    received = {kind.__name__ for kind in told} | {"AudioFormat"}
    parts = [HEAD]
    parts += [
        _interface(name, schema, all_there=name not in received)
        for name, schema in schemas.items()
    ]
    parts += [
        _union("ServerMessage", ServerMessage),
        _union("ClientMessage", ClientMessage),
        _union("AgentNews", AgentNews),
        _union("AgentMessage", AgentMessage),
        _union("FloorNews", FloorNews),
        _union("SupervisorMessage", SupervisorMessage),
    ]
    parts += [
        SHAPE,
        _shapes("SHAPES", ServerMessage, schemas),
        _shapes("NEWS_SHAPES", AgentNews, schemas),
        _shapes("FLOOR_SHAPES", FloorNews, schemas),
    ]
    return "\n".join(parts)


def _interface(name: str, schema: Schema, *, all_there: bool) -> str:
    required = set(schema.get("required", ()))
    lines = [
        f"  {field}{'' if all_there or field in required else '?'}: {_type(value)};"
        for field, value in schema["properties"].items()
    ]
    body = "\n".join(lines)
    comment = " ".join(schema.get("description", "").split())
    head = f"/** {comment} */\n" if comment else ""
    return f"{head}export type {name} = Readonly<{{\n{body}\n}}>;\n"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema)
    if "enum" in schema:
        return " | ".join(f"'{value}'" for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    kind = str(schema.get("type"))
    match kind:
        case "array":
            inner = _type(schema["items"])
            return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
        case "object":
            return (
                f"Readonly<Record<string, {_type(schema.get('additionalProperties', {}))}>>"
            )
        case "integer" | "number":
            return "number"
        case "string" | "boolean" | "null":
            return kind
        case _:
            return "unknown"


def _union(name: str, union: object) -> str:
    members = "\n".join(f"  | {kind.__name__}" for kind in get_args(union))
    return f"export type {name} =\n{members};\n"


def _shapes(name: str, union: object, schemas: Mapping[str, Schema]) -> str:
    """Of every message that the box sends over one kind of socket, by its `type`."""
    table = {
        schema["properties"]["type"]["enum"][0]: _shape(schema, schemas)
        for schema in (schemas[kind.__name__] for kind in get_args(union))
    }
    text = json.dumps(table, indent=2)
    return f"export const {name}: Readonly<Record<string, Fields>> = {text};\n"


def _shape(schema: Schema, schemas: Mapping[str, Schema]) -> object:
    if "$ref" in schema:
        return _shape(schemas[_name(schema)], schemas)
    if "enum" in schema:
        return {"oneOf": schema["enum"]}
    if "anyOf" in schema:
        return {"nullable": _shape(_without_null(schema["anyOf"]), schemas)}
    match schema["type"]:
        case "array":
            return {"list": _shape(schema["items"], schemas)}
        case "object":
            return {
                "fields": {
                    name: [_shape(field, schemas), *_default(field)]
                    for name, field in schema["properties"].items()
                }
            }
        case "integer":
            return "number"
        case plain:
            return plain


def _default(field: Schema) -> list[object]:
    return [field["default"]] if "default" in field else []


def _without_null(choices: Sequence[Schema]) -> Schema:
    [known] = [choice for choice in choices if choice.get("type") != "null"]
    return known


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else FILE).write_text(typescript())
