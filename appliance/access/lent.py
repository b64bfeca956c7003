"""A token that is lent to whoever runs on the box as the user that the service runs as."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from anyio import to_thread

from appliance.access.access import FOLDER
from appliance.access.commands import LendToken, MachineSecret
from appliance.control.line import asking


@contextmanager
def lent(data_dir: Path) -> Iterator[str]:
    """Lets its bearer bring calls and read figures on the server that runs in this data
    folder, until the block ends or this process does. Blocks for a moment.

    Raises NoServer if none runs there, ProtocolError if it is another user's.
    """
    with asking(data_dir / FOLDER, LendToken(), MachineSecret) as made:
        yield made.secret


@asynccontextmanager
async def lent_token(data_dir: Path) -> AsyncGenerator[str, None]:
    """The same, for who must not be blocked."""
    with ExitStack() as stack:
        yield await to_thread.run_sync(stack.enter_context, lent(data_dir))
