"""What an agent asks of the box during a call, and which stage does it."""

from typing import TypeAlias

from appliance.calls.room import Room
from appliance.errors import ProtocolError
from appliance.pipeline.stages import Stages
from appliance.received import Ask, ChooseCustomer, Stop, Summarise, Tick

Wish: TypeAlias = Stop | Ask | ChooseCustomer | Summarise | Tick


def grant(stages: Stages, room: Room, wish: Wish, now_ms: int) -> None:
    """At this call time. Raises ProtocolError if it makes no sense now."""
    match wish:
        case ChooseCustomer(id=customer_id):
            stages.publisher.note(room, wish, now_ms)
            stages.desk.choose(room.call_id, customer_id)
        case Tick(item=item, on=on):
            stages.rules.by_hand(room.call_id, item, now_ms, on=on)
        case Summarise():
            stages.summaries.ask(room.call_id)
        case Ask():
            _of_advice(stages, room, wish)
            stages.publisher.note(room, wish, now_ms)  # the answer does not repeat it
        case Stop():
            _of_advice(stages, room, wish)


def _of_advice(stages: Stages, room: Room, wish: Stop | Ask) -> None:
    if stages.assistant is None:
        raise ProtocolError(
            "Advice is switched off on this box.", fix="Set [advice] enabled = true."
        )
    if isinstance(wish, Stop):
        stages.assistant.stop(room.call_id, wish.id)
    else:
        stages.assistant.ask(room.call_id, wish.text)
