"""The lines that people type in one call. No clock: call times are passed in, in ms."""

from appliance.errors import ProtocolError
from appliance.messages import ChatLine, Role
from appliance.received import Chat

CHAT_CHARACTERS = 4000
REF_CHARACTERS = 64


class Typed:
    def __init__(self) -> None:
        self._lines = 0
        self._refs: set[tuple[Role, str]] = set()

    def line(self, role: Role, chat: Chat, at_ms: int) -> ChatLine | None:
        """What is shown; None if it was sent again after a dropped connection.

        Raises ProtocolError if it is empty or too long.
        """
        if not chat.text.strip() or len(chat.text) > CHAT_CHARACTERS:
            raise ProtocolError(
                f"A chat line has {len(chat.text)} characters.",
                fix=f"Send between 1 and {CHAT_CHARACTERS}.",
            )
        if len(chat.ref) > REF_CHARACTERS:
            raise ProtocolError(
                f"The ref of a chat line has {len(chat.ref)} characters.",
                fix=f"Send at most {REF_CHARACTERS}.",
            )
        if chat.ref and (role, chat.ref) in self._refs:
            return None
        self._refs.add((role, chat.ref))
        self._lines += 1
        id_ = f"chat-{self._lines}"
        return ChatLine(id=id_, speaker=role, text=chat.text, at_ms=at_ms, ref=chat.ref)
