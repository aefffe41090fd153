"""Addresses for other devices: what is printed or shown as a QR code leads a phone of the hall to this machine."""

import socket
from ipaddress import IPv4Address

import pytest

from quiz import lan
from quiz.web.addresses import is_local, leads_nowhere, outside
from quiz.welcome import welcome


def test_every_address_is_of_a_local_network_and_one_this_machine_can_listen_on():
    for address in lan.addresses():
        assert IPv4Address(address).is_private and not IPv4Address(address).is_loopback
        with socket.socket() as listening:
            listening.bind((address, 0))


@pytest.fixture
def in_the_hall(monkeypatch):
    """The machine is in the hall's network, whatever it is in really."""
    monkeypatch.setattr(lan, "addresses", lambda: ["192.168.43.1", "10.0.0.7"])


@pytest.mark.parametrize(
    ("asked_at", "printed"),
    [
        ("http://localhost:8000", "http://192.168.43.1:8000/card"),
        ("http://127.0.0.1:8000", "http://192.168.43.1:8000/card"),
        ("http://[::1]:8000", "http://192.168.43.1:8000/card"),
        ("http://localhost", "http://192.168.43.1/card"),
        ("http://192.168.1.9:8000", "http://192.168.1.9:8000/card"),
        ("https://hoithi.example.vn", "https://hoithi.example.vn/card"),
    ],
)
def test_whoever_works_at_the_laptop_itself_gets_addresses_that_phones_can_open(
    sqlite_app, in_the_hall, asked_at, printed
):
    with sqlite_app.test_request_context(base_url=asked_at):
        assert outside("auth.card") == printed
        assert not leads_nowhere(printed)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://192.168.43.1:8000/card", True),
        ("https://hoithi.example.vn/card", False),
        ("http://8.8.8.8/", False),
    ],
)
def test_only_a_phone_in_the_hall_s_own_network_has_to_be_told_of_its_wifi(address, found):
    assert is_local(address) is found


def test_a_laptop_in_no_network_says_so_instead_of_printing_a_dead_address(sqlite_app, monkeypatch):
    monkeypatch.setattr(lan, "addresses", list)
    with sqlite_app.test_request_context(base_url="http://localhost:8000"):
        assert leads_nowhere(outside("auth.card"))


def test_the_first_words_of_the_server_name_the_address_for_other_devices(in_the_hall):
    assert "http://192.168.43.1:8000/" in welcome(8000) and "http://10.0.0.7:8000/" in welcome(8000)


def test_a_server_for_this_machine_alone_names_no_other_address(in_the_hall):
    assert "192.168" not in welcome(8000, "127.0.0.1")
