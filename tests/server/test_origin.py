import pytest

from appliance.server.origin import Forbidden, Hosts, check_origin, only

HOSTS = Hosts(["Box", "box.example.com.", "*.calls.example"])


@pytest.mark.parametrize(
    "host",
    [
        "box", "BOX:8080", "box.example.com", "box.example.com.:443", "localhost:5173",
        "127.0.0.1", "127.0.0.1:8080", "192.0.2.7:80", "[::1]:8080", "[2001:db8::1]",
        "one.calls.example",
    ],
)  # fmt: skip
def test_the_box_answers_to_its_names_and_to_every_address(host: str) -> None:
    HOSTS.check(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "box.evil.example", "box.example.com.evil.example", "", ":80",
        "calls.example", "a.b.calls.example", "127.0.0.1.evil.example", "box:http",
        "box@evil.example", "evil.example/box", "box evil.example", "[::1", "1.2.3",
        "evil.example#box", "evil.example\\@box", "box:99999",
    ],
)  # fmt: skip
def test_any_other_name_is_refused_with_a_way_in(host: str) -> None:
    with pytest.raises(Forbidden) as refused:
        HOSTS.check(host)
    assert refused.value.reason == "host"
    assert "by its address" in refused.value.fix


def test_a_request_without_a_host_is_no_browser_s() -> None:
    HOSTS.check(None)
    check_origin(None, None, "http")


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        (None, "box", "https"),
        ("https://box", "box", "https"),
        ("https://box:8443", "box:8443", "wss"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "ws"),
        ("https://BOX", "box", "https"),
        ("https://box", "box", "http"),  # a proxy has ended TLS
    ],
)
def test_our_own_pages_and_programs_may_send(
    origin: str | None, host: str, scheme: str
) -> None:
    check_origin(origin, host, scheme)


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("https://evil.example", "box", "https"),
        ("https://box.evil.example", "box", "https"),
        ("https://box:8443", "box", "https"),
        ("http://box", "box", "https"),  # whoever is on the way has written that page
        ("http://box", "box", "wss"),
        ("null", "box", "https"),
        ("", "box", "https"),
        ("box", "box", "https"),
        ("file://", "", "http"),
        ("https://box", None, "https"),
        ("chrome-extension://box", "box", "https"),
    ],
)
def test_pages_from_elsewhere_may_not(origin: str, host: str | None, scheme: str) -> None:
    with pytest.raises(Forbidden) as refused:
        check_origin(origin, host, scheme)
    assert refused.value.reason == "origin"


def test_a_header_that_is_there_twice_is_refused() -> None:
    headers = [(b"host", b"box"), (b"origin", b"https://box"), (b"host", b"evil.example")]
    assert only(headers, "origin") == "https://box"
    with pytest.raises(Forbidden, match="2 host headers"):
        only(headers, "host")
