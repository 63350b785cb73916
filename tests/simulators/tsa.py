"""A time-stamping authority (RFC 3161) in one process, for tests: its own root, its own key, the clock it is given.

Written from RFC 3161, 5652 (CMS) and 5816 (ESSCertIDv2); `test_tsa.py` holds it against `openssl ts -verify`. Keys are
P-256, new for each authority.
"""

import datetime
import hashlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SHA256 = "2.16.840.1.101.3.4.2.1"
FROM, TO = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2020, 2060))


class Authority:
    """Stamps what it is asked to, at the second that `clock` gives; `status` other than 0 refuses."""

    def __init__(self, name: str, clock: Callable[[], int]) -> None:
        self.name, self.clock, self.status, self.serial = name, clock, 0, 0
        self.lying: bytes | None = None
        root_key, self.key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate(f"{name} root", f"{name} root", root_key, root_key, 1)
        self.certificate = _certificate(name, f"{name} root", self.key, root_key, 2)

    @property
    def pem(self) -> bytes:
        """The root that whoever trusts this authority pins."""
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, request: bytes) -> bytes:
        """The TimeStampResp to the TimeStampReq `request`."""
        asked, at = _request(request), self.clock()
        self.serial += 1
        if self.status:
            return _seq(_seq(_int(self.status)))
        return self.token(self.lying or asked[0], at, asked[1])

    def stamp(self, data: bytes, at: int) -> bytes:
        """A response over `data`, as if asked without nonce."""
        self.serial += 1
        return self.token(hashlib.sha256(data).digest(), at, None)

    def token(self, imprint: bytes, at: int, nonce: int | None) -> bytes:
        """The whole response: status granted, and the signed token."""
        time = datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y%m%d%H%M%SZ").encode()
        info = _seq(
            _int(1),
            _oid("1.2.3.4.1"),
            _seq(_algorithm(), _tlv(0x04, imprint)),
            _int(self.serial),
            _tlv(0x18, time),
            b"" if nonce is None else _int(nonce),
        )
        der = self.certificate.public_bytes(Encoding.DER)
        issuer = self.certificate.issuer.public_bytes()
        cert_id = _seq(
            _tlv(0x04, hashlib.sha256(der).digest()),
            _seq(_seq(_tlv(0xA4, issuer)), _int(self.certificate.serial_number)),
        )
        attributes = sorted(
            [
                _seq(_oid("1.2.840.113549.1.9.3"), _set(_oid("1.2.840.113549.1.9.16.1.4"))),
                _seq(_oid("1.2.840.113549.1.9.4"), _set(_tlv(0x04, hashlib.sha256(info).digest()))),
                _seq(_oid("1.2.840.113549.1.9.16.2.47"), _set(_seq(_seq(cert_id)))),
            ]
        )
        signature = self.key.sign(_tlv(0x31, b"".join(attributes)), ec.ECDSA(hashes.SHA256()))
        signer = _seq(
            _int(1),
            _seq(issuer, _int(self.certificate.serial_number)),
            _algorithm(),
            _tlv(0xA0, b"".join(attributes)),
            _seq(_oid("1.2.840.10045.4.3.2")),
            _tlv(0x04, signature),
        )
        signed = _seq(
            _int(3),
            _set(_algorithm()),
            _seq(_oid("1.2.840.113549.1.9.16.1.4"), _tlv(0xA0, _tlv(0x04, info))),
            _tlv(0xA0, der),
            _set(signer),
        )
        content = _seq(_oid("1.2.840.113549.1.7.2"), _tlv(0xA0, signed))
        return _seq(_seq(_int(0)), content)


class Served:
    """An authority over HTTP on loopback; `down` answers 503, `tries` counts what was asked."""

    def __init__(self, authority: Authority) -> None:
        self.authority, self.down, self.tries = authority, 0, 0
        outer = self

        class Pages(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.tries += 1
                if outer.down:
                    outer.down -= 1
                    self.send_error(503)
                    return
                answer = outer.authority.answer(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Pages)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


def _certificate(subject: str, issuer: str, key, signed_by, serial: int) -> x509.Certificate:
    leaf = serial != 1
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    made = (
        x509.CertificateBuilder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(FROM)
        .not_valid_after(TO)
        .add_extension(x509.BasicConstraints(not leaf, None), True)
        .add_extension(x509.KeyUsage(leaf, key_cert_sign=not leaf, crl_sign=not leaf, **usage), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), False)
    )
    if leaf:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return made.sign(signed_by, hashes.SHA256())


def _request(data: bytes) -> tuple[bytes, int | None]:
    """Imprint and nonce of a TimeStampReq."""
    members = _members(_members(data)[0][1])
    imprint = _members(members[1][1])[1][1]
    nonces = [int.from_bytes(value, "big", signed=True) for tag, value in members[2:] if tag == 0x02]
    return imprint, nonces[0] if nonces else None


def _members(data: bytes) -> list[tuple[int, bytes]]:
    found, place = [], 0
    while place < len(data):
        tag, length, place = data[place], data[place + 1], place + 2
        if length & 0x80:
            count = length & 0x7F
            length, place = int.from_bytes(data[place : place + count], "big"), place + count
        found.append((tag, data[place : place + length]))
        place += length
    return found


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _seq(*members: bytes) -> bytes:
    return _tlv(0x30, b"".join(members))


def _set(*members: bytes) -> bytes:
    return _tlv(0x31, b"".join(sorted(members)))


def _int(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    out = bytes([first * 40 + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        out += bytes(reversed(groups))
    return _tlv(0x06, out)


def _algorithm() -> bytes:
    return _seq(_oid(SHA256), _tlv(0x05, b""))
