"""The names of a host, from what its files say."""

import os

from appliance.tls.host import (
    addresses_v4,
    addresses_v6,
    names_beside,
    names_of_host,
    search_domains,
)

FIB_TRIE = """\
Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 192.168.1.0/24 2 0 2
        |-- 192.168.1.0
           /24 link UNICAST
        |-- 192.168.1.5
           /32 host LOCAL
        |-- 192.168.1.255
           /32 link BROADCAST
Main:
        |-- 192.168.1.5
           /32 host LOCAL
"""

# Global, temporary (privacy extension), deprecated, link-local, loopback.
IF_INET6 = """\
20010db8000000000000000000000005 02 40 00 80     eth0
20010db8000000001234567812345678 02 40 00 01     eth0
20010db8000000000000000000000009 02 40 00 20     eth0
fe800000000000000000000000000001 02 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_addresses_are_those_of_the_interfaces() -> None:
    assert addresses_v4(FIB_TRIE) == ["192.168.1.5"]


def test_addresses_that_pass_or_that_no_browser_can_ask_for_are_left_out() -> None:
    assert addresses_v6(IF_INET6) == ["2001:db8::5"]


def test_the_last_search_line_counts() -> None:
    resolver = "domain old.example\nnameserver 10.0.0.1\nsearch example.com corp.example.\n"
    assert search_domains(resolver) == ["example.com", "corp.example"]


def test_the_hosts_file_tells_the_long_name() -> None:
    hosts = "127.0.0.1 localhost\n127.0.1.1 box.example.com box # us\n10.0.0.9 other\n"
    assert names_beside("box", hosts) == ["box.example.com"]


def test_this_host_has_its_name_first_and_loopback_always() -> None:
    found = names_of_host()
    assert found.hosts[0] == os.uname().nodename.lower()
    assert "localhost" in found.hosts
    assert {"127.0.0.1", "::1"} <= set(found.addresses)
