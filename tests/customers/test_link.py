from appliance.customers.link import Link
from appliance.customers.rank import Hit
from appliance.messages import CustomerClue


def hit(id_: str, matched: CustomerClue = "name", *, exact: bool = True) -> Hit:
    return Hit(
        id=id_,
        name=f"Name {id_}",
        email="",
        phone="",
        status="",
        matched=matched,
        value="x",
        exact=exact,
        score=1.0 if exact else 0.8,
    )


def offered(link: Link) -> list[str]:
    return [candidate.id for candidate in link.candidates]


def test_the_only_one_who_fits_is_the_customer() -> None:
    link = Link()
    assert link.found("start", [hit("A"), hit("B", exact=False)])
    assert (link.customer_id, link.matched, link.source) == ("A", "name", "start")


def test_several_who_fit_are_offered_and_a_second_clue_decides() -> None:
    link = Link()
    assert link.found("said", [hit("A"), hit("B")])
    assert (link.customer_id, offered(link)) == ("", ["A", "B"])
    assert link.found("said", [hit("B", "order"), hit("C", "order")])
    assert (link.customer_id, link.matched, offered(link)) == ("B", "order", [])


def test_who_only_nearly_fits_is_offered_and_never_taken() -> None:
    link = Link()
    assert link.found("said", [hit("A", exact=False)])
    assert (link.customer_id, offered(link)) == ("", ["A"])


def test_another_who_fits_later_is_offered_beside() -> None:
    link = Link()
    link.found("start", [hit("A")])
    assert not link.found("said", [hit("A", "phone")])
    assert link.found("said", [hit("B", "order")])
    assert (link.customer_id, offered(link)) == ("A", ["B"])


def test_not_this_customer_is_remembered() -> None:
    link = Link()
    link.found("start", [hit("A")])
    assert link.choose("")
    assert link.customer_id == ""
    assert not link.found("said", [hit("A", "order")])
    assert link.found("said", [hit("A"), hit("B")])
    assert link.customer_id == "B"
    assert not Link().choose("")


def test_what_an_agent_chose_stays_until_the_agent_says_otherwise() -> None:
    link = Link()
    link.found("start", [hit("A")])
    link.choose("")
    link.choose("A")
    assert not link.found("said", [hit("B", "order")])
    assert (link.customer_id, link.source, link.matched) == ("A", "agent", None)
    link.choose("")
    assert link.found("said", [hit("B", "order")])
