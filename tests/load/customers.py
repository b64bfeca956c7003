"""How long a search among a million customers takes, and what it costs in memory.

    python -m tests.load.customers [FOLDER]

FOLDER keeps the customers for the next run. They are made up from a fixed seed.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from appliance.customers.database import Reader
from appliance.customers.importing import FILE, Given, Order, import_files
from appliance.customers.search import search
from tests.load.made_up_customers import make

COUNT = 1_000_000
ASKED = 100
SEED = 6

Sought = tuple[str, str, str, str]  # id, name, email, phone


def mistyped(text: str, chance: random.Random) -> str:
    """Two letters swapped, one wrong, one missing, or one twice."""
    i = chance.randrange(1, len(text) - 1)
    return chance.choice([
        text[:i] + text[i + 1] + text[i] + text[i + 2 :],
        text[:i] + chance.choice("aeinrst") + text[i + 1 :],
        text[:i] + text[i + 1 :],
        text[:i] + text[i] + text[i:],
    ])  # fmt: skip


def questions(chance: random.Random) -> dict[str, Callable[[Sought], str]]:
    """Ways to ask for a customer, by what they are called in the table."""
    return {
        "full name": lambda c: c[1],
        "name, mistyped": lambda c: mistyped(c[1], chance),
        "both names mistyped": lambda c: " ".join(
            mistyped(word, chance) for word in c[1].split()
        ),
        "beginning of a name": lambda c: c[1][: c[1].index(" ") + 4],
        "last name": lambda c: c[1].split()[1],
        "first name": lambda c: c[1].split()[0],
        "e-mail": lambda c: c[2].upper(),
        "e-mail, mistyped": lambda c: (
            mistyped(c[2].split("@")[0], chance) + c[2][c[2].index("@") :]
        ),
        "phone, other notation": lambda c: "0" + digits(c[3])[-9:],
        "phone, one wrong": lambda c: wrong_digit("0" + digits(c[3])[-9:], chance),
        "customer number": lambda c: c[0].lower(),
        "nobody": lambda c: c[1][::-1] + "qx",
    }


def digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def wrong_digit(number: str, chance: random.Random) -> str:
    i = chance.randrange(1, len(number))
    return number[:i] + str((int(number[i]) + 1) % 10) + number[i + 1 :]


def build(folder: Path) -> None:
    began = time.monotonic()
    paths = make(folder / "made-up", COUNT, SEED)
    print(f"made up in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    import_files(folder, [Given(path=path) for path in paths], Order(), lambda _: None)
    size = (folder / FILE).stat().st_size / 1e6
    print(f"imported in {time.monotonic() - began:.0f} s, {size:.0f} MB")


def main(folder: Path) -> None:
    if not (folder / FILE).is_file():
        build(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reader = Reader(folder / FILE)
    chance = random.Random(SEED)
    sample = reader.ask(
        "SELECT id, name, email, phone FROM customer"
        f" USING SAMPLE reservoir({ASKED} ROWS) REPEATABLE ({SEED})"
    )
    every, every_cpu = list[float](), list[float]()
    head = f"{'p50':>6} {'p95':>6} {'most':>6}"
    print(f"{'':24} {'ms':^20}   {'ms of processor':^20}")
    print(f"{'asked by':24} {head}   {head}    first  in ten")
    for name, question in questions(chance).items():
        took, cpu, first, ten = list[float](), list[float](), 0, 0
        for customer in sample:
            asked = question(customer)
            began, worked = time.perf_counter(), time.process_time()
            hits = [hit.id for hit in search(reader, asked)]
            cpu.append((time.process_time() - worked) * 1000)
            took.append((time.perf_counter() - began) * 1000)
            first += hits[:1] == [customer[0]]
            ten += customer[0] in hits
        every += took
        every_cpu += cpu
        print(
            f"{name:24} {row(took)}   {row(cpu)}",
            f"    {first / ASKED:6.1%} {ten / ASKED:6.1%}",
            flush=True,
        )
    print(f"{'all':24} {row(every)}   {row(every_cpu)}")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory beside the program: {more:.0f} MB")
    reader.close()


def row(took: list[float]) -> str:
    ordered = sorted(took)
    middle, late = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
    return f"{middle:6.1f} {late:6.1f} {ordered[-1]:6.1f}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
