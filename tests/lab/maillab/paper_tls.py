"""TLS that Debian's OpenSSL no longer has, on paper: SSL 3, RC4, 3DES, export suites, compression.

The ClientHello is read and answered with a ServerHello, a made-up certificate and ServerHelloDone, as a server of
2003 would begin. No key is exchanged: what comes after that is for nobody.
"""

from __future__ import annotations

import dataclasses
import struct

VERSIONS = {"SSL 3": 0x0300, "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303}
HANDSHAKE, ALERT = 22, 21
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, HELLO_DONE = 1, 2, 11, 14
SUPPORTED_VERSIONS = 43
PROTOCOL_VERSION, HANDSHAKE_FAILURE = 70, 40


@dataclasses.dataclass
class Hello:
    version: int  # the newest that the client offers
    ciphers: list[int]
    compressions: bytes


def whole(octets: bytes) -> bool:
    """Whether `octets` hold the first record to its end, or no TLS record at all."""
    return len(octets) >= 5 and (octets[0] != HANDSHAKE or len(octets) >= 5 + struct.unpack("!H", octets[3:5])[0])


def parse(octets: bytes) -> Hello | None:
    """The ClientHello in a TLS record; None for anything else, an SSL 2 greeting for one."""
    try:
        if octets[0] != HANDSHAKE or octets[5] != CLIENT_HELLO:
            return None
        body = octets[9:]
        version = struct.unpack("!H", body[:2])[0]
        at = 35 + body[34]  # random and session id
        size = struct.unpack("!H", body[at:at + 2])[0]
        ciphers = [value for (value,) in struct.iter_unpack("!H", body[at + 2:at + 2 + size])]
        at += 2 + size
        compressions = body[at + 1:at + 1 + body[at]]
        at += 1 + body[at] + 2
        while at + 4 <= len(body):
            kind, size = struct.unpack("!HH", body[at:at + 4])
            if kind == SUPPORTED_VERSIONS:
                listed = body[at + 5:at + 4 + size]
                version = max(value for (value,) in struct.iter_unpack("!H", listed))
            at += 4 + size
        return Hello(version, ciphers, compressions)
    except (IndexError, struct.error, ValueError):
        return None


def record(kind: int, content: bytes, version: int = 0x0300) -> bytes:
    return struct.pack("!BHH", kind, version, len(content)) + content


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("!I", len(body))[1:] + body


def alert(description: int) -> bytes:
    return record(ALERT, bytes([2, description]))


def answer(paper: dict, hello: Hello | None) -> bytes:
    """What the server sends, in its own order of suites; an alert where nothing fits."""
    if hello is None:
        return alert(HANDSHAKE_FAILURE)
    ours = [VERSIONS[name] for name in paper["versions"]]
    common = [version for version in ours if version <= hello.version]
    if not common:
        return alert(PROTOCOL_VERSION)
    chosen = next((code for code in paper["ciphers"] if code in hello.ciphers), None)
    if chosen is None:
        return alert(HANDSHAKE_FAILURE)
    version = max(common)
    deflate = 1 if paper.get("deflate") and 1 in hello.compressions else 0
    body = struct.pack("!H", version) + b"r" * 32 + b"\x04sess" + struct.pack("!HB", chosen, deflate)
    certificate = b"\x00\x00\x08\x00\x00\x05paper"
    return (record(HANDSHAKE, message(SERVER_HELLO, body), version)
            + record(HANDSHAKE, message(CERTIFICATE, certificate), version)
            + record(HANDSHAKE, message(HELLO_DONE, b""), version))
