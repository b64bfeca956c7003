"""What a socket of a call is told first: how things stand, and what it has missed."""

from appliance import __version__
from appliance.calls.outbox import Outbox
from appliance.calls.room import Viewer
from appliance.messages import Hello, Role, encode, partner_of
from appliance.pipeline.call import LiveCall
from appliance.pipeline.parts import Parts


def welcome(
    live: LiveCall,
    viewer: Viewer,
    outbox: Outbox,
    parts: Parts,
    *,
    seen: tuple[str, int] = ("", 0),
    next_audio_seq: int = 0,
) -> None:
    """As this person sees the call; a supervisor, from the agent's place. `seen` is the
    epoch and the newest message of somebody who was cut off."""
    role: Role = "agent" if viewer == "supervisor" else viewer
    room = live.room
    epoch, last_seq = seen
    other = live.call.people.get(partner_of(role))
    there = other is not None and room.outbox(partner_of(role)) is not None
    outbox.say(
        encode(
            Hello(
                call_id=live.call.id,
                role=role,
                epoch=room.epoch,
                last_seq=room.last_seq,
                next_audio_seq=next_audio_seq,
                partner=other.name if other is not None and there else None,
                speech="waiting" if live.voices.waiting else parts.speech,
                suggestions=parts.suggestions,
                version=__version__,
            )
        )
    )
    for message in room.missed(viewer, last_seq if epoch == room.epoch else 0):
        outbox.say(encode(message))
