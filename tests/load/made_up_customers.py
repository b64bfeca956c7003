"""A million customers who do not exist, the same ones for the same seed, as Parquet."""

from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

ONSETS = (*"bcdfghjklmnprstvwz", "br", "ch", "gr", "kl", "sch", "st", "tr")
VOWELS = (*"aeiou", "ai", "au", "ei", "ie")
CODAS = ("", "", "", "l", "n", "nn", "r", "rt", "s", "ss", "t", "ck", "m")
FIRST_NAMES, LAST_NAMES = 4_000, 80_000
DOMAINS = ["mail.example", "post.example", "net.example", "firm.example", "uni.example"]


def names(chance: np.random.Generator, count: int, longest: int) -> list[str]:
    """Different names of two or more syllables, the first ones the shortest."""
    made: dict[str, None] = {}
    while len(made) < count:
        syllables = 2 + int(chance.integers(longest - 1)) * (len(made) > count // 20)
        made["".join(_syllable(chance) for _ in range(syllables)).capitalize()] = None
    return list(made)


def _syllable(chance: np.random.Generator) -> str:
    return "".join(str(chance.choice(part)) for part in (ONSETS, VOWELS, CODAS))


def shares(count: int, exponent: float) -> NDArray[np.float64]:
    """How often each of so many names is borne: by Zipf's law, as real ones are."""
    weights = 1 / np.arange(2, count + 2) ** exponent
    return np.asarray(weights / weights.sum())


def make(folder: Path, count: int = 1_000_000, seed: int = 6) -> list[Path]:
    """Files of customers, orders and tickets in `folder`, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    first, last = names(chance, FIRST_NAMES, 2), names(chance, LAST_NAMES, 3)
    given = chance.choice(FIRST_NAMES, count, p=shares(FIRST_NAMES, 0.9))
    family = chance.choice(LAST_NAMES, count, p=shares(LAST_NAMES, 0.9))
    db = duckdb.connect()
    db.execute("CREATE TABLE first AS SELECT unnest(?) AS name", [first])
    db.execute("CREATE TABLE last AS SELECT unnest(?) AS name", [last])
    db.register("drawn", {
        "n": np.arange(count),
        "given": given,
        "family": family,
        "phone": chance.integers(10**8, 10**9, count),
        "handle": chance.integers(0, 10, count),
        "year": chance.integers(1940, 2005, count),
        "domain": chance.integers(0, len(DOMAINS), count),
        "worth": chance.gamma(1.2, 400, count).round(2),
        "orders": chance.poisson(1.5, count),
    })  # fmt: skip
    db.execute(
        "CREATE TABLE customer AS SELECT 'C' || (1000000 + n) AS id,"
        " f.name || ' ' || l.name AS name,"
        " lower(CASE WHEN handle < 5 THEN f.name || '.' || l.name"
        "   WHEN handle < 8 THEN left(f.name, 1) || l.name || year"
        "   ELSE f.name || year % 100 END) || '@' || (?::VARCHAR[])[domain + 1] AS email,"
        " CASE handle % 3 WHEN 0 THEN '+49 ' WHEN 1 THEN '0' ELSE '0049 (0)' END"
        "   || left(phone::VARCHAR, 3) || ' ' || substr(phone::VARCHAR, 4) AS phone,"
        " worth AS lifetime_value, 'active' AS status, orders"
        " FROM drawn JOIN first f ON f.rowid = given JOIN last l ON l.rowid = family",
        [DOMAINS],
    )
    paths = [folder / f"{kind}.parquet" for kind in ("customers", "orders", "tickets")]
    db.execute(f"COPY (SELECT * EXCLUDE (orders) FROM customer) TO '{paths[0]}'")
    db.execute(
        "COPY (SELECT 'ORD-' || (5000000 + row_number() OVER ()) AS number,"
        " id AS customer_id,"
        " 'delivered' AS status, 20 + (hash(id, k) % 10000) / 100 AS total,"
        " DATE '2020-01-01' + (hash(k, id) % 2000)::INTEGER AS placed"
        f" FROM (SELECT id, unnest(range(orders)) AS k FROM customer)) TO '{paths[1]}'"
    )
    db.execute(
        "COPY (SELECT 'T' || row_number() OVER () AS number, id AS customer_id,"
        " 'open' AS status, 'Where is it?' AS subject FROM customer"
        f" WHERE hash(id) % 10 = 0) TO '{paths[2]}'"
    )
    db.close()
    return paths
