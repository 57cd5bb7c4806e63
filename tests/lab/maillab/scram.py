"""The server's side of SCRAM with channel binding (RFC 5802, RFC 7677): no server of Debian 12 speaks the -PLUS forms."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

DIGESTS = {"SCRAM-SHA-1-PLUS": "sha1", "SCRAM-SHA-256-PLUS": "sha256"}
ROUNDS = 4096


class Refused(Exception):
    """The client's proof, or its channel binding, is wrong."""


def coded(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def fields(text: str) -> dict[str, str]:
    return {part[0]: part[2:] for part in text.split(",") if part[1:2] == "="}


class Server:
    """One exchange: challenge() answers the client's first message, proof() its final one."""

    def __init__(self, mechanism: str, password: str, binding: bytes | None) -> None:
        self.digest, self.binding = DIGESTS[mechanism], binding
        self.salt, self.password = secrets.token_bytes(12), password.encode()

    def mac(self, key: bytes, text: bytes) -> bytes:
        return hmac.digest(key, text, self.digest)

    def challenge(self, first: str) -> str:
        header, _, self.bare = first.partition(",,")
        if header != "p=tls-unique" or self.binding is None:
            raise Refused
        self.nonce = fields(self.bare)["r"] + secrets.token_hex(8)
        self.first = f"r={self.nonce},s={coded(self.salt)},i={ROUNDS}"
        return self.first

    def proof(self, final: str) -> str:
        without, _, proof = final.rpartition(",p=")
        said = fields(without)
        if said["r"] != self.nonce or said["c"] != coded(b"p=tls-unique,," + self.binding):
            raise Refused
        salted = hashlib.pbkdf2_hmac(self.digest, self.password, self.salt, ROUNDS)
        client_key = self.mac(salted, b"Client Key")
        stored = hashlib.new(self.digest, client_key).digest()
        signed = f"{self.bare},{self.first},{without}".encode()
        signature = self.mac(stored, signed)
        if bytes(a ^ b for a, b in zip(client_key, signature)) != base64.b64decode(proof):
            raise Refused
        return "v=" + coded(self.mac(self.mac(salted, b"Server Key"), signed))
