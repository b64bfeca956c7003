"""A wheel written anew, with files added: the same bytes for the same content."""

import base64
import hashlib
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

# The first moment that an archive of this kind can tell.
NEVER = (1980, 1, 1, 0, 0, 0)

_RECORD = re.compile(r"[^/]+\.dist-info/RECORD")
_PLAIN = (stat.S_IFREG | 0o644) << 16


def repack(
    wheel: Path, to: Path, added: Mapping[str, bytes], without: Sequence[str] = ()
) -> None:
    """`wheel` with the files `added` by path, and `without` some of its top folders; its
    list says so. In the order of their names and without times or modes, which say when and
    by whom it was built. Raises OSError."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.split("/")[0] not in without]
        files = {name: archive.read(name) for name in names}
    files |= added
    [record] = filter(_RECORD.fullmatch, files)
    del files[record]
    lines = [_line(name, content) for name, content in sorted(files.items())]
    files[record] = "".join([*lines, f"{record},,\n"]).encode()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, NEVER)
            info.external_attr = _PLAIN
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def _line(name: str, content: bytes) -> str:
    """As PEP 427 has it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
    return f"{name},sha256={digest.decode()},{len(content)}\n"
