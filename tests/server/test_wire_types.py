"""The browser's types and the structs say the same."""

import json
import re
from typing import get_args

import pytest

from appliance.duty import AgentNews
from appliance.messages import ServerMessage
from appliance.server.wire_types import FILE, typescript


def test_the_file_is_what_the_structs_make() -> None:
    assert FILE.read_text() == typescript(), "Run ./scripts/lint and commit the change."


def shapes() -> dict[str, dict[str, dict[str, list[object]]]]:
    tables = re.findall(r"SHAPES[^=]*= (\{.*?\n\});", typescript(), re.DOTALL)
    return {tag: shape for table in tables for tag, shape in json.loads(table).items()}


@pytest.mark.parametrize("message", [*get_args(ServerMessage), *get_args(AgentNews)])
def test_every_message_of_the_box_has_a_shape_with_every_field(message: type) -> None:
    tag = str(message.__struct_config__.tag)  # type: ignore[attr-defined]
    fields = message.__struct_fields__  # type: ignore[attr-defined]
    assert set(shapes()[tag]["fields"]) == {"type", *fields}


def test_a_field_that_may_be_left_out_says_what_it_means_then() -> None:
    fields = shapes()["hello"]["fields"]
    assert fields["partner"] == [{"nullable": "string"}, None]
    assert fields["epoch"] == ["string"]
