"""Where the pages are served, and what is said when that cannot be."""

import socket

import pytest

from musterroll.errors import MusterRollError
from musterroll.portal import server


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MusterRollError) as refused:
            server.check_port("127.0.0.1", port)
    assert refused.value.exit_code == 2
    assert str(refused.value) == (
        f"Another program listens there already. Where: 127.0.0.1:{port}. "
        "What to do: Stop that program, or choose another port with --port. [port.taken]"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "register.example"])
def test_the_pages_are_served_to_this_machine_only(host: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        server.check_port(host, 8000)
    assert (refused.value.code, refused.value.exit_code) == ("host.outside", 2)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_free_port_is_welcome(host: str) -> None:
    server.check_port(host, 0)


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(MusterRollError) as refused:
        server.check_port("127.0.0.1", 70_000)
    assert refused.value.code == "port.denied"
