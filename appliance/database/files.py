"""Small files that are replaced whole."""

from pathlib import Path

from appliance.durable import sync_folder, write
from appliance.errors import StoreError


def replace_file(path: Path, content: bytes) -> None:
    """Return once it is on the disk: after a power cut there is the old one or the new.

    Raises StoreError.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        write(fresh, content)
        fresh.replace(path)
        # Without this a power cut may bring the old one back.
        sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}.",
            fix=f"Free some space in {path.parent}, and see that the service may write "
            "there.",
        ) from error
