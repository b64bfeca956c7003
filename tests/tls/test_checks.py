"""What is wrong with a certificate that a site brings is said, and how to mend it."""

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from appliance.errors import TlsError
from appliance.tls.certificates import Pair
from appliance.tls.checks import Brought, check, covered
from appliance.tls.dates import Dates
from appliance.tls.names import Names
from tests.tls.made_up import DAY, NOW, SITE, YEAR, Company, certificate


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


def checked(pair: Pair, asked: Names = SITE) -> list[str]:
    brought = Brought(chain=pair.facts, links=pair.links, key_fits=pair.key_fits)
    return check(brought, asked, NOW)


def test_a_chain_in_order_with_its_key_is_taken_without_a_word(company: Company) -> None:
    assert checked(company.brought()) == []


def test_another_key_is_refused(company: Company) -> None:
    pair = Pair(company.middle.key, company.brought().chain)
    with pytest.raises(TlsError, match=r"not that of CN=box\.example\.com"):
        checked(pair)


def test_an_authority_before_the_server_is_refused_and_the_server_found(
    company: Company,
) -> None:
    pair = Pair(company.server.key, [*company.middle.chain, *company.server.chain])
    with pytest.raises(TlsError, match=r"the server's \(CN=box.example.com\) comes later"):
        checked(pair)


def test_an_authority_alone_is_refused(company: Company) -> None:
    with pytest.raises(TlsError, match="there is no other"):
        checked(company.root)


def test_a_chain_in_the_wrong_order_is_refused_with_the_right_one(company: Company) -> None:
    chain = [*company.server.chain, *company.root.chain, *company.middle.chain]
    with pytest.raises(
        TlsError, match="comes the certificate of its issuer, CN=Company ser"
    ):
        checked(Pair(company.server.key, chain))


@pytest.mark.parametrize(
    ("life", "said"),
    [
        (Dates(NOW - 90 * DAY, NOW - DAY), "ended on 2027-02-28"),
        (Dates(NOW + DAY, NOW + 90 * DAY), "is valid only from 2027-03-02"),
    ],
)
def test_dates_that_are_not_now_are_refused_with_the_clock(life: Dates, said: str) -> None:
    with pytest.raises(
        TlsError, match=f"{said}, and this machine's clock shows 2027-03-01"
    ):
        checked(Company(life=life).brought())


def test_a_certificate_without_alternative_names_is_refused() -> None:
    with pytest.raises(TlsError, match="browsers look nowhere else"):
        checked(Company(names=None).brought())


def test_a_name_of_the_settings_that_is_missing_is_refused(company: Company) -> None:
    with pytest.raises(TlsError, match=r"tls\.names has crm\.example\.com"):
        checked(company.brought(), SITE | Names(("crm.example.com",)))


def test_a_certificate_for_people_is_refused(company: Company) -> None:
    pair = certificate(
        "Ada", company.middle, names=SITE, usage=ExtendedKeyUsageOID.CLIENT_AUTH
    )
    with pytest.raises(TlsError, match="not for web servers"):
        checked(pair)


def test_what_will_surprise_somebody_later_is_remarked(company: Company) -> None:
    alone = checked(Pair(company.server.key, company.server.chain))
    assert [remark.split(".")[0] for remark in alone] == ["It comes alone"]
    soon = Dates(YEAR.begin, NOW + 5 * DAY)
    itself = checked(certificate("box", names=SITE, life=soon))
    assert [remark.split(":")[0] for remark in itself] == [
        "It ends on 2027-03-06. The box cannot renew it",
        "It has signed itself",
    ]


def test_a_star_stands_for_one_label() -> None:
    names = Names(("*.example.com",))
    wanted = Names(("box.example.com", "a.box.example.com", "example.com"))
    assert covered(names, wanted) == Names(("box.example.com",))
