"""Ordinary clients, as people at a terminal would use them: dig, openssl s_client and Python's mail libraries."""

from __future__ import annotations

import base64
import imaplib
import poplib
import re
import smtplib
import socket
import ssl
import subprocess
import time

from . import scenario as data

CA_FILE = ""  # the root certificate of the lab that is checked; set by selfcheck.set_ca


class Wrong(Exception):
    """Something in the lab is not as the scenario says."""


def expect(condition: bool, message: str) -> None:
    if not condition:
        raise Wrong(message)


def split_target(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def connect(target: str, timeout: float = 10) -> socket.socket:
    return socket.create_connection(split_target(target), timeout)


def received(sock: socket.socket, seconds: float, enough: int = 65536) -> bytes:
    """What arrives until a line is complete, `enough` octets are there, the peer ends or `seconds` are over."""
    got, end = b"", time.monotonic() + seconds
    while len(got) < enough and (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            part = sock.recv(65536)
        except TimeoutError:
            break
        if not part:
            break
        got += part
        if enough == 65536 and got.endswith(b"\n"):
            break
    return got


def dig(name: str, kind: str, *flags: str, server: str = data.RESOLVER) -> tuple[str, set[str], list[str]]:
    """(RCODE or "TIMEOUT", header flags, answer lines as "TYPE rdata").

    Two tries: a resolver that was told of a dead name server first needs its time."""
    command = ["dig", f"@{server}", "+tries=2", "+time=8", "+noall", "+comments", "+answer", *flags, name, kind]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    status = re.search(r"status: (\w+)", text)
    if not status:
        return "TIMEOUT", set(), []
    flag_words = set(re.search(r"flags: ([a-z ]*);", text)[1].split())
    lines = [line.split(None, 4) for line in text.splitlines() if line and not line.startswith(";")]
    return status[1], flag_words, [f"{words[3]} {words[4]}" for words in lines if len(words) == 5]


def starttls_mode(port: int) -> list[str]:
    if port in data.IMPLICIT_TLS:
        return []
    return ["-starttls", data.PROTOCOL_OF_PORT.get(port, "smtp")]


def s_client(target: str, mode: list[str], *extra: str) -> str:
    command = ["openssl", "s_client", "-connect", target, "-CAfile", CA_FILE, *mode, *extra]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=30, errors="replace")
    return done.stdout + done.stderr


def lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def capabilities(target: str, protocol: str, tls: ssl.SSLContext | None) -> set[str]:
    """What Python's own mail libraries are told; fails unless the greeting is a good one."""
    host, port = split_target(target)
    try:
        if protocol == "smtp":
            smtp = smtplib.SMTP_SSL(host, port, timeout=12, context=tls) if tls else (
                smtplib.SMTP(host, port, timeout=12))
            code, _ = smtp.ehlo("lab.example")
            expect(code == 250, f"{target}: EHLO answered {code}")
            found = {word.upper() for word in smtp.esmtp_features}
            smtp.quit()
        elif protocol == "imap":
            imap = imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=12) if tls else imaplib.IMAP4(host, port, 12)
            found = {word.upper() for word in imap.capabilities}
            imap.logout()
        else:
            pop = poplib.POP3_SSL(host, port, timeout=12, context=tls) if tls else poplib.POP3(host, port, 12)
            found = {word.upper().replace("STLS", "STARTTLS") for word in pop.capa()}
            pop.quit()
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto) as failure:
        raise Wrong(f"{target}: {type(failure).__name__}: {failure}") from None
    return found


def session(target: str) -> smtplib.SMTP | imaplib.IMAP4 | poplib.POP3:
    """A connection of Python's mail library for the port, with TLS where the server has it."""
    host, port = split_target(target)
    protocol, tls = data.PROTOCOL_OF_PORT.get(port, "smtp"), lenient()
    if protocol == "imap":
        imap = imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=12) if port == 993 else (
            imaplib.IMAP4(host, port, 12))
        if port != 993 and "STARTTLS" in imap.capabilities:
            imap.starttls(tls)
        return imap
    if protocol == "pop3":
        pop = poplib.POP3_SSL(host, port, timeout=12, context=tls) if port == 995 else poplib.POP3(host, port, 12)
        if port != 995 and "STLS" in pop.capa():
            pop.stls(tls)
        return pop
    smtp = smtplib.SMTP_SSL(host, port, timeout=12, context=tls) if port == 465 else (
        smtplib.SMTP(host, port, timeout=12))
    smtp.ehlo("lab.example")
    if port != 465 and smtp.has_extn("starttls"):
        smtp.starttls(context=tls)
        smtp.ehlo("lab.example")
    return smtp


def login(target: str, user: str, password: str) -> str:
    """What the server says about a login with user name and password; "" when it accepts."""
    client = session(target)
    try:
        if isinstance(client, imaplib.IMAP4):
            client.login(user, password)
        elif isinstance(client, poplib.POP3):
            client.user(user)
            client.pass_(password)
        else:
            client.login(user, password)
    except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as failure:
        return str(failure)
    finally:
        (client.shutdown if isinstance(client, imaplib.IMAP4) else client.close)()
    return ""


def token_login(target: str, user: str, token: str) -> str:
    """What the server says about a login by XOAUTH2; "" when it accepts."""
    client = session(target)
    blob = f"user={user}\1auth=Bearer {token}\1\1"
    try:
        if isinstance(client, imaplib.IMAP4):
            client.authenticate("XOAUTH2", lambda challenge: blob.encode() if not challenge else b"")
        elif isinstance(client, poplib.POP3):
            answer = client._shortcmd("AUTH XOAUTH2 " + base64.b64encode(blob.encode()).decode())
            return "" if answer.startswith(b"+OK") else answer.decode(errors="replace")
        else:
            code, text = client.docmd("AUTH", "XOAUTH2 " + base64.b64encode(blob.encode()).decode())
            return "" if code == 235 else f"{code} {text!r}"
    except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as failure:
        return str(failure)
    finally:
        (client.shutdown if isinstance(client, imaplib.IMAP4) else client.close)()
    return ""
