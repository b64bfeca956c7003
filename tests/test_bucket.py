from hypothesis import given
from hypothesis import strategies as st

from appliance.bucket import Bucket, Rate

TEN = Rate(burst=10, per_s=2)


def test_the_burst_may_come_at_once_and_the_rest_has_to_wait() -> None:
    bucket = Bucket(TEN, 100.0)
    assert bucket.take(10, 100.0) == 0
    assert bucket.take(4, 100.0) == 2.0
    assert bucket.take(4, 101.9) > 0
    assert bucket.take(4, 102.0) == 0


def test_what_has_come_already_makes_a_debt_that_time_pays_back() -> None:
    bucket = Bucket(TEN, 0.0)
    assert bucket.spend(6, 0.0) == 0
    assert bucket.spend(14, 0.0) == 5.0
    assert bucket.take(1, 5.0) == 0.5
    assert bucket.spend(0, 5.0) == 0


def test_it_is_full_again_once_all_is_back() -> None:
    bucket = Bucket(TEN, 0.0)
    bucket.take(3, 0.0)
    assert not bucket.full(1.4)
    assert bucket.full(1.5)


def test_a_clock_that_steps_back_gives_nothing_and_takes_nothing() -> None:
    bucket = Bucket(TEN, 50.0)
    bucket.take(10, 50.0)
    assert bucket.take(1, 40.0) == 0.5


@given(
    steps=st.lists(st.tuples(st.floats(0, 5), st.floats(0, 12)), max_size=40),
    rate=st.builds(Rate, burst=st.floats(1, 20), per_s=st.floats(0.1, 10)),
)
def test_whatever_is_asked_no_more_is_given_than_the_burst_and_what_came_back(
    steps: list[tuple[float, float]], rate: Rate
) -> None:
    bucket, now, given_ = Bucket(rate, 0.0), 0.0, 0.0
    for wait_s, cost in steps:
        now += wait_s
        if bucket.take(cost, now) == 0:
            given_ += cost
    assert given_ <= rate.burst + rate.per_s * now + 1e-6
