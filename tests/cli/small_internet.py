"""A name server and a mail server on loopback, for tests of many domains. Every domain NAME.test publishes IMAP with
STARTTLS at hNAME.test, on the mail server's port, and nothing else; "gone.*" does not exist. Names that begin with "s" all
name hshared.test."""
import collections
import socket
import struct
import threading
import time

SRV, A, MX = 33, 1, 15


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


class SmallInternet:
    def __init__(self, think=0.0):
        self.think = think  # seconds until the mail server greets
        self.dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.dns.bind(("127.0.0.1", 0))
        self.mail = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.mail.bind(("127.0.0.1", 0))
        self.mail.listen(500)
        self.asked = collections.Counter()
        self.starts: list[float] = []
        self.open = self.most_open = 0
        self.lock = threading.Lock()

    def __enter__(self):
        for work in (self.answer_names, self.accept):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.dns.close()
        self.mail.close()

    @property
    def resolver(self) -> str:
        return f"127.0.0.1:{self.dns.getsockname()[1]}"

    def most_a_second(self) -> int:
        starts = sorted(self.starts)
        return max((sum(begin <= other < begin + 1 for other in starts) for begin in starts), default=0)

    def answer_names(self):
        while True:
            try:
                question, peer = self.dns.recvfrom(4096)
            except OSError:
                return
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode().lower())
                at += 1 + question[at]
            name, kind = ".".join(labels), struct.unpack("!H", question[at + 1:at + 3])[0]
            self.asked[name, kind] += 1
            data = b""
            if kind == SRV and labels[0] == "_imap" and "gone" not in labels:
                host = "hshared.test" if labels[2].startswith("s") else "h" + ".".join(labels[2:])
                data = struct.pack("!HHH", 0, 1, self.mail.getsockname()[1]) + wire(host)
            elif kind == A and labels[0].startswith("h") and labels[-1] == "test" and len(labels) == 2:
                data = bytes([127, 0, 0, 1])
            elif kind == MX and "gone" not in labels and len(labels) == 2:
                data = struct.pack("!H", 10) + wire("mx.example.test")
            known = data or (len(labels) == 2 and "gone" not in labels)
            head = question[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, 1 if data else 0, 0, 0)
            answer = head + question[12:at + 5]
            if data:
                answer += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(data)) + data
            self.dns.sendto(answer, peer)

    def accept(self):
        while True:
            try:
                connection, _ = self.mail.accept()
            except OSError:
                return
            with self.lock:
                self.starts.append(time.monotonic())
                self.open += 1
                self.most_open = max(self.most_open, self.open)
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            connection.settimeout(10)
            time.sleep(self.think)
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] small\r\n")
            for line in connection.makefile("rb"):
                tag = line.split(b" ")[0]
                if b"LOGOUT" in line.upper():
                    connection.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
                    break
                connection.sendall(b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n" + tag + b" OK\r\n")
        except OSError:
            pass
        finally:
            with self.lock:
                self.open -= 1
            connection.close()
