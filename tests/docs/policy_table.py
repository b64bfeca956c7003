"""The handbook's table of who may do what, from the policy.

python -m tests.docs.policy_table        puts it into the page
"""

from pathlib import Path
from typing import get_args

from appliance.server.policy import TABLE, Party, Row

PAGE = Path(__file__).parents[2] / "appliance/handbook/access.md"

BEGIN, END = "<!-- the policy -->\n", "<!-- the end of the policy -->"


def table() -> str:
    """Markdown; what the same people may do is one line."""
    parties: tuple[Party, ...] = get_args(Party)
    alike: dict[Row, list[str]] = {}
    for what, row in TABLE.items():
        alike.setdefault(row, []).append(f"`{what}`")
    lines = [f"| What | {' | '.join(parties)} |", "|---" * (len(parties) + 1) + "|"]
    for row, names in alike.items():
        cells = " | ".join(getattr(row, party) for party in parties)
        lines.append(f"| {', '.join(names)} | {cells} |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
