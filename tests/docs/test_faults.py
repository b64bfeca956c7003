"""The table of faults in the handbook is what the tests have shown."""

from tests.docs.fault_table import PAGE, as_told, marked, with_table
from tests.faults.matrix import FAULTS


def test_each_fault_has_a_test_that_shows_it_and_each_mark_a_fault() -> None:
    assert {one.fault for one in marked()} == {fault.name for fault in FAULTS}


def test_the_handbook_has_the_table_as_the_tests_came_out() -> None:
    page = PAGE.read_text()
    told = as_told(page)
    assert set(told) == set(marked()), "Run python -m tests.docs.fault_table."
    assert with_table(page, told) == page, "Run python -m tests.docs.fault_table."
