"""Taking customers out of their file: a new one without them takes its place."""

from collections.abc import Callable
from pathlib import Path

from appliance.customers.building import build
from appliance.customers.checks import ERASED, prepare
from appliance.customers.database import Reader, Workshop
from appliance.customers.importing import FILE, alone, put_in_place, scratch_in


def erase_customers(folder: Path, is_gone: Callable[[str], bool]) -> int:
    """How many were taken out. Blocks, about as long as an import of those that stay.

    Raises CustomersError, with nothing changed, while an import runs.
    """
    current = folder / FILE
    if not current.is_file():
        return 0
    with alone(folder), scratch_in(folder) as scratch:
        reader = Reader(current)
        try:
            known = [str(id_) for (id_,) in reader.ask("SELECT id FROM customer")]
        finally:
            reader.close()
        gone = [id_ for id_ in known if is_gone(id_)]
        if not gone:
            return 0
        shop = Workshop(scratch, current)
        try:
            prepare(shop)
            shop.run(f"INSERT INTO {ERASED} SELECT unnest(?)", [gone])
            build(shop, keep=True, on_step=lambda _: None)
        finally:
            shop.close()
        put_in_place(shop.fresh, current)
    return len(gone)
