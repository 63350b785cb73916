"""An agency sends its delivery to a served home over HTTP; lines are cut, stalled and abused, and the pages go on."""

import hashlib
import http.client
import json
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import MUSTER, ROOT, muster
from tests.newcountry import sever_people as sever
from tests.newcountry.sending import table
from tests.portal.conftest import free_port, wait_for

SEVER = ROOT / "tests" / "newcountry" / "sever"
HEADING = ("number", "surname", "name", "school", "from", "to", "level")


@dataclass(frozen=True)
class Served:
    home: Path
    port: int
    process: "subprocess.Popen[bytes]"
    key: Path
    declared: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def file(self, folder: Path, lines: int, as_of: str = "2026-03-01") -> Path:
        """A file of the schools, with its signed manifest."""
        folder.mkdir()
        rows = list(sever.schools())
        rows += [[*rows[0][:3], f"School {n}", *rows[0][4:]] for n in range(lines)]
        file = folder / "schools.csv"
        file.write_bytes(table(HEADING, rows).encode("utf-8-sig"))
        done = muster("source", "manifest", file, "--source", self.declared, "--as-of", as_of, "--key", self.key)
        assert done.returncode == 0, done.stderr
        return file

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, object]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        told = json.loads(answer.read())
        line.close()
        return answer.status, told

    def begin(self, file: Path) -> tuple[str, dict[str, str], dict[str, object]]:
        status, told = self.ask("POST", "/deliveries/", file.with_name("schools.manifest.json").read_bytes())
        assert status == 201, told
        return f"/deliveries/{told['upload']}/", {"Authorization": f"Bearer {told['receipt']}"}, told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(SEVER / "sources", folder / "sources")
    key, declared = folder / "schools.key", folder / "sources" / "schools.yaml"
    line = muster("source", "key", key, check=True).stdout
    declared.write_text(declared.read_text("utf-8") + line, "utf-8")
    made = muster("init", "--fictional", "--home", folder / "home", "--pack", SEVER, "--sources", folder / "sources")
    assert made.returncode == 0, made.stderr
    port = free_port()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [MUSTER, "serve", "--home", folder / "home", "--port", str(port)], cwd=ROOT, stdout=said, stderr=said
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/accessibility/", process)
            yield Served(folder / "home", port, process, key, declared)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
    told = (folder / "said").read_text()
    assert process.returncode == 0, told
    assert "Traceback" not in told, told


@pytest.mark.timeout(600)
def test_the_agencys_command_sends_and_fetches_the_reply(served: Served, tmp_path: Path) -> None:
    file = served.file(tmp_path / "out", 5)
    done = muster("source", "send", file, "--to", served.address, "--wait", "120")
    assert done.returncode == 0, done.stderr + done.stdout
    assert f"{file.stat().st_size} of {file.stat().st_size} bytes are there" in done.stdout
    assert "set aside 0" in done.stdout
    told = json.loads((tmp_path / "out" / "schools.reply.json").read_bytes())
    assert (told["outcome"], told["source"]) == ("received", "schools")
    again = muster("source", "send", file, "--to", served.address)
    assert again.returncode == 0
    assert "bytes are there" not in again.stdout  # it is known, and its reply is given again
    assert list((served.home / "uploads").iterdir()) == []


@pytest.mark.timeout(600)
def test_a_line_cut_in_the_middle_goes_on_where_it_was(served: Served, tmp_path: Path) -> None:
    file = served.file(tmp_path / "out", 9_000, "2026-03-02")
    data = file.read_bytes()
    assert len(data) > 300_000
    place, shown, _ = served.begin(file)
    head = f"PUT {place} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {shown['Authorization']}\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as line:
        line.sendall(f"{head}Upload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data[:200_000])
    until = time.monotonic() + 60
    there = 0
    while not there and time.monotonic() < until:
        time.sleep(0.2)
        told = served.ask("GET", place, **shown)[1]
        there = int(str(told["offset"]))
    assert 0 < there <= 200_000
    done = muster("source", "send", file, "--to", served.address, "--wait", "120")
    assert done.returncode == 1, done.stderr  # received whole, and implausible: nine thousand schools of one student
    told = json.loads((tmp_path / "out" / "schools.reply.json").read_bytes())
    assert (told["outcome"], told["sha256"]) == ("quarantined", hashlib.sha256(data).hexdigest())


@pytest.mark.timeout(600)
def test_many_that_stall_do_not_stop_the_pages(served: Served, tmp_path: Path) -> None:
    lines = [socket.create_connection(("127.0.0.1", served.port), timeout=120) for _ in range(12)]
    try:
        for line in lines:
            line.sendall(b"POST /deliveries/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{")
        time.sleep(1)
        page = http.client.HTTPConnection("127.0.0.1", served.port, timeout=15)
        page.request("GET", "/accessibility/")
        assert page.getresponse().status == 200
        page.close()
        refused = [line for line in lines if select.select([line], [], [], 1)[0] and line.recv(12) == b"HTTP/1.1 503"]
        assert len(refused) == 10  # two are read at a time, whoever else comes
    finally:
        for line in lines:
            line.close()
    file = served.file(tmp_path / "out", 6, "2026-03-06")
    done = muster("source", "send", file, "--to", served.address, "--wait", "120")
    assert done.returncode == 0, done.stderr  # once the stalled lines are gone, deliveries come through


def memory(served: Served) -> int:
    """Kilobytes of the web server's workers at most."""
    found = subprocess.run(
        ["ps", "--ppid", str(served.process.pid), "-o", "pid="], capture_output=True, text=True, check=True
    ).stdout.split()
    found += subprocess.run(
        ["ps", "--ppid", ",".join(found), "-o", "pid="], capture_output=True, text=True, check=False
    ).stdout.split()
    peaks = []
    for number in found:
        status = Path(f"/proc/{number}/status").read_text()
        peaks += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks)


@pytest.mark.timeout(600)
def test_a_large_file_goes_through_in_little_memory_and_of_a_lie_nothing_stays(served: Served, tmp_path: Path) -> None:
    file = served.file(tmp_path / "out", 5, "2026-03-03")
    told = json.loads(file.with_name("schools.manifest.json").read_bytes())
    large = 256 << 20
    from musterroll.extract import manifest

    key = bytes.fromhex(served.key.read_text().strip())
    lie = manifest.sign(manifest.decode(json.dumps({**told, "size": large}).encode()), key, "key-1")
    file.with_name("schools.manifest.json").write_bytes(lie.encode())
    place, shown, begun = served.begin(file)
    before, piece = memory(served), int(str(begun["piece"]))
    for offset in range(0, large, piece):
        status, answer = served.ask("PUT", place, bytes(piece), Upload_Offset=str(offset), **shown)
        assert status == (200 if offset + piece < large else 422), answer
    assert answer["code"] == "upload.digest"
    assert memory(served) - before < 64 << 10
    assert served.ask("GET", place, **shown)[1]["offset"] == 0


@pytest.mark.timeout(600)
def test_two_that_send_one_file_at_once_end_in_one_delivery(served: Served, tmp_path: Path) -> None:
    file = served.file(tmp_path / "out", 2_000, "2026-03-04")
    before = len(list((served.home / "replies").glob("*.json")))
    ends = []

    def send() -> None:
        ends.append(
            muster("source", "send", file, "--to", served.address, "--wait", "120").stdout.rpartition("\n\n")[2]
        )

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert ends == ["Rows delivered 2004, kept 2004, set aside 0.\n"] * 2
    assert len(list((served.home / "replies").glob("*.json"))) == before + 1


def test_a_delivery_is_sent_over_tls_or_not_at_all(tmp_path: Path, served: Served) -> None:
    file = served.file(tmp_path / "out", 5, "2026-03-05")
    done = muster("source", "send", file, "--to", "http://register.example")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("[sending.insecure]")
    file.with_name("schools.manifest.json").unlink()
    done = muster("source", "send", file, "--to", served.address)
    assert (done.returncode, done.stderr.strip().rpartition(" ")[2]) == (2, "[sending.manifest]")
