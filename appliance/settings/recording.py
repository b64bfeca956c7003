"""Settings of what is recorded of calls, in what form and where."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta, Struct

Policy: TypeAlias = Literal["always", "on_consent", "never"]


class RecordingSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    enabled: Annotated[
        Policy,
        Meta(description="Record calls: `always`, `on_consent` of the customer, `never`."),
    ] = "on_consent"
    queues: Annotated[
        str, Meta(description="The same for queues, such as `sales=always, help=never`.")
    ] = ""
    format: Annotated[
        Literal["opus", "flac"],
        Meta(description="`opus` takes 16 MB for an hour of a call, `flac`, exact, 52."),
    ] = "opus"
    folder: Annotated[
        str, Meta(description="Folder of recordings; an absolute path may be another disk.")
    ] = "recordings"
    budget_gb: Annotated[
        float, Meta(description="Room for all of them, in GB; 0: as the disk has.", ge=0)
    ] = 0.0
    keep_free_gb: Annotated[
        float, Meta(description="Of their disk so many GB stay free for the rest.", ge=0)
    ] = 2.0

    def __post_init__(self) -> None:
        for queue, policy in self._queues().items():
            if policy not in get_args(Policy):
                # msgspec tells it as the fault of this section.
                raise ValueError(
                    f"queues: {queue} is {policy!r}, and may be always, on_consent or never"
                )

    def folder_in(self, data_dir: Path) -> Path:
        return data_dir / Path(self.folder).expanduser()

    def policy(self, queue: str) -> Policy:
        """For a call of this queue."""
        chosen = self._queues().get(queue.strip())
        return next((p for p in get_args(Policy) if p == chosen), self.enabled)

    def _queues(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in self.queues.split(",") if pair.strip())
        return {queue.strip(): policy.strip() for queue, _, policy in pairs}
