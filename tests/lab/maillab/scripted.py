"""Servers for what real ones cannot do: masked replies, resets at a chosen step, endless lines, injected text.

Run as `scripted.py plays.json`. A play is data: `first` are the steps at connect, `on` the steps per command:

    first = [["wait", 5], ["send", "220 hello\\r\\n"]]
    on = { EHLO = [["send", "250-x\\r\\n250 STARTTLS\\r\\n"]], STARTTLS = [["send", "220 go\\r\\n"], ["tls"]] }

`paper = { versions, ciphers, deflate, real }` answers old ClientHellos as a server of long ago would (paper_tls.py);
those that offer at least the version `real` ("TLSv1_2") get a real handshake.

Steps: send TEXT · repeat N TEXT · forever TEXT · drip SECONDS TEXT (an octet at a time) · wait SECONDS · tls ·
read (whatever comes) · scram PASSWORD (the -PLUS login that the command names) · hang (until the client goes) · close · reset (RST). What `on` leaves out is answered as a
small healthy server of the protocol would.
"""

from __future__ import annotations

import base64
import json
import select
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time

if __package__:
    from . import paper_tls, scram
else:
    import paper_tls
    import scram

GREETING = {"smtp": "220 script.operator.example ESMTP\r\n", "imap": "* OK IMAP4rev1 ready\r\n",
            "pop3": "+OK ready\r\n"}
HEALTHY = {
    "smtp": {"EHLO": "250-script.operator.example\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n",
             "HELO": "250 script.operator.example\r\n", "NOOP": "250 ok\r\n", "RSET": "250 ok\r\n",
             "STARTTLS": "502 5.5.1 not implemented\r\n", "": "500 5.5.2 unknown command\r\n"},
    "imap": {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n", "NOOP": "{tag} OK done\r\n",
             "": "{tag} BAD unknown command\r\n"},
    "pop3": {"CAPA": "+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n", "": "-ERR unknown command\r\n"},
}
BYE = {"smtp": "221 bye\r\n", "imap": "* BYE\r\n{tag} OK done\r\n", "pop3": "+OK bye\r\n"}
LONGEST = 120  # seconds that a connection may last


class Gone(Exception):
    """The play closed the connection or the client did."""


class Player:
    def __init__(self, connection: socket.socket, play: dict) -> None:
        self.socket, self.play = connection, play
        self.end = time.monotonic() + LONGEST

    def run(self) -> None:
        try:
            self.socket.settimeout(LONGEST)
            if self.play["tls"]:
                self.tls()
            protocol = self.play["protocol"]
            self.steps(self.play.get("first", [["send", GREETING.get(protocol, "")]]), "")
            while True:
                self.command(self.line(), protocol)
        except (Gone, OSError, ValueError):
            pass
        finally:
            self.socket.close()

    def line(self) -> str:
        data = b""
        while not data.endswith(b"\n"):
            byte = self.socket.recv(1)
            if not byte or len(data) > 4096:
                raise Gone
            data += byte
        return data.decode("latin-1").strip()

    def command(self, line: str, protocol: str) -> None:
        words = line.split()
        tag = words.pop(0) if protocol == "imap" and words else ""
        verb = words[0].upper() if words else ""
        on = self.play.get("on", {})
        self.words = words
        if verb in on:
            self.steps(on[verb], tag)
        elif verb in ("QUIT", "LOGOUT"):
            self.send(BYE[protocol], tag)
            raise Gone
        else:
            healthy = HEALTHY.get(protocol, {"": ""})
            self.send(healthy.get(verb, healthy[""]), tag)

    def send(self, text: str, tag: str) -> None:
        self.socket.sendall(text.replace("{tag}", tag).encode("latin-1"))

    def steps(self, steps: list, tag: str) -> None:
        for name, *args in steps:
            if name == "send":
                self.send(args[0], tag)
            elif name == "repeat":
                self.send(args[1] * args[0], tag)
            elif name == "forever":
                while time.monotonic() < self.end:
                    self.send(args[0], tag)
            elif name == "drip":  # one octet at a time, each after a pause
                for octet in args[1]:
                    time.sleep(args[0])
                    self.send(octet, tag)
            elif name == "wait":
                time.sleep(args[0])
            elif name == "tls":
                self.tls()
            elif name == "read":
                self.socket.recv(4096)
            elif name == "scram":
                self.scram(args[0], tag)
            elif name == "hang":
                while self.socket.recv(4096):
                    pass
                raise Gone
            elif name == "close":
                raise Gone
            elif name == "reset":
                time.sleep(0.05)  # so that what was sent before has been read
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise Gone
            else:
                raise ValueError(f"unknown step {name}")

    def scram(self, password: str, tag: str) -> None:
        """A login by the mechanism that the command named; the exchange goes on in base64 (RFC 4422)."""
        smtp = self.play["protocol"] == "smtp"
        prompt = "334 " if smtp else "+ "
        binding = self.socket.get_channel_binding("tls-unique") if isinstance(self.socket, ssl.SSLSocket) else None

        def ask(challenge: str) -> str:
            self.send(prompt + base64.b64encode(challenge.encode()).decode() + "\r\n", "")
            return base64.b64decode(self.line()).decode()

        try:
            server = scram.Server(self.words[1], password, binding)
            first = base64.b64decode(self.words[2]).decode() if len(self.words) > 2 else ask("")
            if ask(server.proof(ask(server.challenge(first)))) != "":
                raise scram.Refused
            self.send("235 2.7.0 welcome\r\n" if smtp else "{tag} OK welcome\r\n", tag)
        except (scram.Refused, KeyError, ValueError):
            self.send("535 5.7.8 no\r\n" if smtp else "{tag} NO [AUTHENTICATIONFAILED] no\r\n", tag)

    def tls(self) -> None:
        if paper := self.play.get("paper"):
            self.old_tls(paper)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers(self.play.get("ciphers", "ALL:@SECLEVEL=0"))
        context.minimum_version = ssl.TLSVersion.TLSv1_2 if paper else ssl.TLSVersion.TLSv1
        if highest := self.play.get("tls_max"):
            context.maximum_version = getattr(ssl.TLSVersion, highest)
        if params := self.play.get("dh"):  # a file with parameters for Diffie-Hellman
            context.load_dh_params(params)
        context.load_cert_chain(self.play["chain"], self.play["key"])
        self.socket = context.wrap_socket(self.socket, server_side=True)


    def old_tls(self, paper: dict) -> None:
        """Answers a ClientHello on paper and ends, or leaves it unread for a real handshake."""
        octets = b""
        while not paper_tls.whole(octets):
            more = self.socket.recv(65536, socket.MSG_PEEK)
            if not more or more == octets and time.monotonic() > self.end:
                raise Gone
            if more == octets:
                time.sleep(0.005)
            octets = more
        hello = paper_tls.parse(octets)
        real = {"TLSv1_2": 0x0303, "TLSv1_3": 0x0304}.get(paper.get("real", ""), 0xffff)
        if hello and hello.version >= real:
            return
        self.socket.recv(65536)
        self.socket.sendall(paper_tls.answer(paper, hello))
        self.socket.settimeout(2)
        self.socket.recv(4096)  # until the client has read it
        raise Gone


def accept_all(plays: list[dict]) -> None:
    listeners = {}
    for play in plays:
        family = socket.AF_INET6 if ":" in play["address"] else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((play["address"], play["port"]))
        listener.listen(32)
        listeners[listener] = play
    while True:
        for listener in select.select(list(listeners), [], [])[0]:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Player(connection, listeners[listener]).run, daemon=True).start()


def without_edns(query: bytes) -> bytes:
    """The question alone: no OPT record, so that no signatures come back."""
    end = 12
    while query[end]:
        end += query[end] + 1
    flags = query[2] & 0xFF, query[3] & ~0x30  # AD and CD off
    return query[:2] + bytes(flags) + query[4:6] + b"\0" * 6 + query[12:end + 5]


def serve_lies(address: str, told: str | None) -> None:
    """A resolver that answers SERVFAIL to everything, or every question for an IPv4 address with TOLD."""
    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, reply_socket = self.request
            question = without_edns(query)[12:]
            flags, answer = b"\x81\x82", b""
            if told:
                flags = b"\x81\x80"
                if question[-4:-2] == b"\0\1":  # type A
                    answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(told)
            counts = b"\0\1" + struct.pack("!H", bool(answer)) + b"\0\0\0\0"
            reply_socket.sendto(query[:2] + flags + counts + question + answer, self.client_address)

    class Server(socketserver.ThreadingUDPServer):
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            pass

    threading.Thread(target=Server((address, 53), Datagram).serve_forever, daemon=True).start()


def serve_dns(address: str, upstream: str) -> None:
    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, reply_socket = self.request
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
                asked.settimeout(10)
                asked.sendto(without_edns(query), (upstream, 53))
                reply_socket.sendto(asked.recv(4096), self.client_address)

    class Stream(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while length := self.rfile.read(2):
                query = without_edns(self.rfile.read(struct.unpack("!H", length)[0]))
                with socket.create_connection((upstream, 53), 10) as asked:
                    asked.sendall(struct.pack("!H", len(query)) + query)
                    stream = asked.makefile("rb")
                    length = stream.read(2)
                    self.wfile.write(length + stream.read(struct.unpack("!H", length)[0]))

    class Quiet:
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            pass  # a client that went away or a name that timed out

    class Udp(Quiet, socketserver.ThreadingUDPServer):
        pass

    class Tcp(Quiet, socketserver.ThreadingTCPServer):
        pass

    for server in (Udp((address, 53), Datagram), Tcp((address, 53), Stream)):
        threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    serve_dns(*setup["forwarder"])
    for address, told in setup["liars"].items():
        serve_lies(address, told)
    accept_all(setup["plays"])


if __name__ == "__main__":
    main()
