"""The measurements of redaction, and what it has to reach on data nobody here wrote."""

from pathlib import Path

import pytest

from appliance.errors import ApplianceError
from appliance.eval.harmless import harmless, survived
from appliance.eval.privacy import (
    Answer,
    Labelled,
    Sentence,
    read_rows,
    spoken,
    spoken_table,
    written,
    written_table,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "text"


def test_what_is_left_of_an_answer_counts_as_leaked() -> None:
    rows, cost = spoken(
        [
            Answer(text="yes it's n g 9 2 t d", type="POSTCODE"),
            Answer(text="no I won't give you that", type="POSTCODE"),
        ]
    )

    assert [(row.answers, row.leaked) for row in rows if row.answers] == [(2, 1)]
    assert cost.p50_ms <= cost.p99_ms <= cost.most_ms
    assert "| POSTCODE | 2 | 50.0% |" in spoken_table(rows)


def test_a_span_is_found_if_the_whole_of_it_is_masked_as_what_it_is() -> None:
    text = "write to a@b.com or 078-05-1120"
    labels = (
        Labelled(entity_type="EMAIL_ADDRESS", start_position=9, end_position=16),
        Labelled(entity_type="PHONE_NUMBER", start_position=20, end_position=31),
    )

    found = {row.kind: row for row in written([Sentence(full_text=text, spans=labels)])}

    assert (found["email"].recall, found["email"].precision) == (1.0, 1.0)
    assert (found["phone"].hits, found["ssn"].wrong) == (0, 1)
    assert "| email | 1 | 1.000 | 1.000 |" in written_table(list(found.values()))


def test_order_numbers_prices_and_days_survive() -> None:
    lines = list(harmless(300, 17))

    assert survived(lines) == len(lines)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match="no evi set"):
        read_rows(tmp_path, "evi", Answer)


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the data sets in ../shared")
def test_of_spoken_answers_at_most_one_in_twenty_leaks() -> None:
    rows, cost = spoken(read_rows(SHARED, "evi", Answer)[::4])

    assert sum(row.leaked for row in rows) <= 0.05 * sum(row.answers for row in rows)
    assert cost.p99_ms <= 5


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the data sets in ../shared")
def test_written_numbers_and_addresses_are_found_and_little_else() -> None:
    for row in written(read_rows(SHARED, "presidio_synth", Sentence)):
        assert row.recall >= 0.99, row
        assert row.precision >= 0.9, row
