import duckdb
from hypothesis import given
from hypothesis import strategies as st

from appliance.customers import folding
from appliance.customers.database import _sql

# DuckDB's Unicode tables and Python's are of different years; these scripts are in both.
names = st.text(st.characters(max_codepoint=0x05FF, exclude_characters="\0"), max_size=20)


@given(st.lists(names, min_size=1, max_size=40))
def test_what_is_asked_is_folded_as_what_is_stored(texts: list[str]) -> None:
    with duckdb.connect() as db:
        db.execute(_sql("macros.sql"))
        stored = db.execute(
            "SELECT words(t), code_of(t) FROM (SELECT unnest(?) AS t)", [texts]
        ).fetchall()
    assert stored == [(folding.words(text), folding.code_of(text)) for text in texts]


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=12))
def test_a_word_is_cut_as_it_is_stored(word: str) -> None:
    with duckdb.connect() as db:
        db.execute(_sql("macros.sql"))
        [(stored,)] = db.execute("SELECT list_sort(parts(?))", [word]).fetchall()
    assert stored == folding.parts(word)
