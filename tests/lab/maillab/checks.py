"""The words that a line of `check` in a scenario may begin with; docs/lab.md lists them."""

from __future__ import annotations

import errno
import imaplib
import pathlib
import poplib
import re
import subprocess
import tempfile
import time
from collections.abc import Callable

from . import scenario as data
from .clients import (capabilities, connect, dig, expect, login, received, s_client, session, split_target, starttls_mode,
                      token_login)
from .clients import Wrong

QUIET = 1.2  # seconds without an answer that count as silence


def nxdomain(name: str) -> None:
    status = dig(name, "A")[0]
    expect(status == "NXDOMAIN", f"{name} answers {status}")


def nodata(name: str, kind: str = "A") -> None:
    status, _, answer = dig(name, kind)
    found = [line for line in answer if line.startswith(f"{kind} ")]
    expect(status == "NOERROR" and not found, f"{name} {kind}: {status} {answer}")


def answers(name: str, kind: str, *value: str) -> None:
    """The records of this type are there; one of them begins with VALUE where it is given."""
    status, _, answer = dig(name, kind)
    wanted = " ".join([kind, *value])
    expect(status == "NOERROR" and any(line.startswith(wanted) for line in answer),
           f"{name} {kind}: {status} {answer}, not {wanted}")


def servfail(name: str, kind: str = "A") -> None:
    """The resolver fails, whether with SERVFAIL or by saying nothing for 8 s."""
    status = dig(name, kind, "+tries=1")[0]
    expect(status in ("SERVFAIL", "TIMEOUT"), f"{name} {kind}: {status}")


def bogus(name: str, kind: str = "A") -> None:
    servfail(name, kind)
    status, _, answer = dig(name, kind, "+cd")
    expect(status == "NOERROR" and answer != [], f"{name} {kind} without validation: {status} {answer}")


def unsigned_answer(name: str, kind: str = "A") -> None:
    """Through the plain resolver the name resolves and no signature comes along."""
    status, _, answer = dig(name, kind, "+dnssec", server=data.PLAIN_RESOLVER)
    expect(status == "NOERROR" and answer != [], f"{name} {kind}: {status}")
    expect(not any(line.startswith("RRSIG") for line in answer), f"{name} {kind}: signatures came along")


def refused(target: str) -> None:
    try:
        connect(target).close()
    except ConnectionRefusedError:
        return
    except OSError as failure:
        raise Wrong(f"{target}: {failure}, not refused") from None
    raise Wrong(f"{target} is open")


def silent(target: str) -> None:
    try:
        connect(target, QUIET).close()
    except TimeoutError:
        return
    except OSError as failure:
        raise Wrong(f"{target}: {failure}, not silent") from None
    raise Wrong(f"{target} is open")


def unreachable(target: str) -> None:
    try:
        connect(target, QUIET).close()
    except OSError as failure:
        expect(failure.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.ECONNREFUSED),
               f"{target}: {failure}")
        return
    raise Wrong(f"{target} is open")


def mute(target: str) -> None:
    """Accepts and says nothing."""
    with connect(target) as sock:
        expect(received(sock, QUIET) == b"", f"{target} says something")


def closes(target: str) -> None:
    """Closes or resets without a word."""
    try:
        with connect(target) as sock:
            got = sock.recv(100)
    except ConnectionResetError:
        return
    expect(got == b"", f"{target} says {got!r}")


def greets(target: str, *words: str) -> None:
    """The first octets are these words (\\xNN stands for an octet)."""
    start = " ".join(words).encode().decode("unicode_escape").encode("latin-1")
    with connect(target) as sock:
        got = received(sock, 8, max(len(start), 1))
    expect(got.startswith(start), f"{target} says {got[:80]!r}")


def slow(target: str, seconds: str) -> None:
    """Greets, but not before so many seconds."""
    begin = time.monotonic()
    with connect(target) as sock:
        got = received(sock, float(seconds) + 5)
    expect(got != b"" and time.monotonic() - begin > float(seconds) * 0.9, f"{target} greets at once: {got[:60]!r}")


def says(target: str, command: str, *words: str) -> None:
    """Answers COMMAND (underscores are spaces) with a text that holds these words."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        got = received(sock, 8)
    expect(" ".join(words).encode() in got, f"{target} answers {got[:200]!r}")


def breaks(target: str, command: str) -> None:
    """Ends the connection at COMMAND."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        sock.settimeout(8)
        try:
            got = sock.recv(100)
        except ConnectionResetError:
            return
    expect(got == b"", f"{target} answers {got!r}")


def floods(target: str, octets: str, command: str = "") -> None:
    """Sends at least so many octets, at once or as the answer to COMMAND."""
    with connect(target) as sock:
        if command:
            received(sock, 8)
            sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        got = received(sock, 20, int(octets))
    expect(len(got) >= int(octets), f"{target} sends {len(got)} octets only")


def plain(target: str, protocol: str) -> set[str]:
    """The capabilities that a server states before TLS."""
    return capabilities(target, protocol, None)


def offers(target: str, word: str) -> None:
    caps = plain(target, data.PROTOCOL_OF_PORT.get(split_target(target)[1], "smtp"))
    expect(word in caps, f"{target} offers {sorted(caps)}")


def lacks(target: str, word: str) -> None:
    caps = plain(target, data.PROTOCOL_OF_PORT.get(split_target(target)[1], "smtp"))
    expect(word not in caps, f"{target} offers {word}")


def injects(target: str, protocol: str = "smtp") -> None:
    """Sends more than the answer to STARTTLS before the handshake."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall({"smtp": b"STARTTLS\r\n", "imap": b"a STARTTLS\r\n", "pop3": b"STLS\r\n"}[protocol])
        got = received(sock, 8)
    expect(got.count(b"\n") > 1, f"{target} answers {got!r}")


def tls_only(target: str, version: str) -> None:
    """A client of today cannot shake hands, one that offers VERSION (tls1 …) can."""
    mode = starttls_mode(split_target(target)[1])
    modern = s_client(target, mode, "-tls1_2")
    expect("Cipher is (NONE)" in modern or "no peer certificate" in modern, f"{target} speaks TLS 1.2")
    old = s_client(target, mode, f"-{version}", "-cipher", "ALL:@SECLEVEL=0")
    expect("Cipher is (NONE)" not in old and "Cipher is" in old, f"{target} does not speak {version}")


def no_handshake(target: str) -> None:
    """No client gets a TLS connection."""
    text = s_client(target, starttls_mode(split_target(target)[1]))
    expect("no peer certificate available" in text or "Cipher is (NONE)" in text, f"{target} shakes hands")


def chain_length(target: str, length: str) -> None:
    text = s_client(target, starttls_mode(split_target(target)[1]), "-showcerts")
    expect(text.count("BEGIN CERTIFICATE") >= int(length), f"{target} sends {text.count('BEGIN CERTIFICATE')}")


def sni(target: str, name: str) -> None:
    """The certificate fits NAME exactly when the client sends this name."""
    for sent, fits in ((["-servername", name], True), (["-noservername"], False)):
        text = s_client(target, starttls_mode(split_target(target)[1]), *sent, "-verify_hostname", name)
        expect(("Verify return code: 0 " in text) == fits, f"{target} with {' '.join(sent)}: fits {name}: {not fits}")


def second_connection(target: str, code: str) -> None:
    """While one connection is open a second one is greeted with CODE."""
    with connect(target) as first:
        received(first, 8)
        with connect(target) as second:
            got = received(second, 8)
    expect(got.startswith(code.encode()), f"{target} says {got[:80]!r} to a second connection")


def truncated(name: str, kind: str) -> None:
    """The answer does not fit into a UDP packet of 1232 octets."""
    flags = dig(name, kind, "+ignore", "+bufsize=1232")[1]
    expect("tc" in flags, f"{name} {kind} fits into one packet")


def revoked(target: str, state: str = "revoked") -> None:
    """The OCSP answer or the CRL that the certificate names says STATE (revoked, good or unknown: cannot be had)."""
    text = s_client(target, starttls_mode(split_target(target)[1]))
    leaf = text[text.index("-----BEGIN CERT"):text.index("-----END CERT")] + "-----END CERTIFICATE-----\n"
    shown = openssl("x509", "-noout", "-text", text=leaf)
    url = re.search(r"URI:(http\S+)", shown)[1]
    with tempfile.TemporaryDirectory() as folder:
        body = pathlib.Path(folder, "body")
        subprocess.run(["curl", "-s", "--max-time", "2", "-o", str(body), url], check=False)
        if not body.exists():
            found = "unknown"
        elif url.endswith(".crl"):
            serial = openssl("x509", "-noout", "-serial", text=leaf).strip().removeprefix("serial=")
            listed = openssl("crl", "-inform", "DER", "-noout", "-text", "-in", str(body))
            found = "revoked" if serial in listed else "good"
        else:
            answer = openssl("ocsp", "-respin", str(body), "-noverify", "-resp_text")
            found = "revoked" if "Cert Status: revoked" in answer else "good" if "Cert Status: good" in answer else "?"
    expect(found == state, f"{target}: its certificate is {found}")


def openssl(*args: str, text: str = "") -> str:
    return subprocess.run(["openssl", *args], input=text, capture_output=True, text=True).stdout


def http(url: str, *words: str) -> None:
    """curl gets an answer (with these words in it)."""
    done = subprocess.run(["curl", "-skg", "--max-filesize", "200000", "--max-time", "8", "-i", url],
                          capture_output=True, text=True)
    expect(done.stdout.startswith("HTTP/") and " ".join(words) in done.stdout, f"{url}: {done.stdout[:200]!r}")


def logs_in(target: str, user: str, password: str) -> None:
    said = login(target, user, password)
    expect(said == "", f"{target} refuses {user}: {said}")


def refuses(target: str, user: str, password: str, *words: str) -> None:
    said = login(target, user, password)
    expect(said != "", f"{target} lets {user} in")
    expect(" ".join(words) in said, f"{target} refuses {user} with other words: {said}")


def takes_token(target: str, user: str, token: str) -> None:
    said = token_login(target, user, token)
    expect(said == "", f"{target} refuses {user}'s token: {said}")


def refuses_token(target: str, user: str, token: str) -> None:
    expect(token_login(target, user, token) != "", f"{target} lets {user} in")


def mechanisms(target: str, *words: str) -> None:
    """The login mechanisms stated once TLS stands are these (none: no word)."""
    client = session(target)
    if isinstance(client, imaplib.IMAP4):
        client._get_capabilities()  # those after STARTTLS
        found = {word[5:].upper() for word in client.capabilities if word.upper().startswith("AUTH=")}
        client.shutdown()
    elif isinstance(client, poplib.POP3):
        found = {word.upper() for word in client.capa().get("SASL", [])}
        client.close()
    else:
        found = set(client.esmtp_features.get("auth", "").upper().split())
        client.close()
    expect(found == {word.upper() for word in words}, f"{target} offers {sorted(found)}")


def recipient(target: str, address: str, code: str, sender: str = "probe@lab.example") -> None:
    """RCPT TO:<ADDRESS> is answered with CODE (an underscore stands for an empty sender)."""
    client = session(target)
    client.docmd("MAIL", f"FROM:<{'' if sender == '_' else sender}>")
    got, text = client.docmd("RCPT", f"TO:<{address}>")
    client.close()
    expect(str(got).startswith(code), f"{target} answers {got} {text!r} to {address}")


def sends_as(target: str, user: str, password: str, sender: str, code: str) -> None:
    """After login as USER, MAIL FROM:<SENDER> and a recipient are answered with CODE."""
    client = session(target)
    client.login(user, password)
    answer, text = client.docmd("MAIL", f"FROM:<{sender}>")
    if answer == 250:
        answer, text = client.docmd("RCPT", "TO:<someone@operator.example>")
    client.close()
    expect(str(answer).startswith(code), f"{target} answers {answer} {text!r} to {sender}")


def data_refused(target: str, address: str, code: str) -> None:
    """RCPT is accepted, DATA is answered with CODE."""
    client = session(target)
    client.docmd("MAIL", "FROM:<probe@lab.example>")
    accepted = client.docmd("RCPT", f"TO:<{address}>")[0]
    got = client.docmd("DATA")[0]
    client.close()
    expect(accepted == 250 and str(got).startswith(code), f"{target} answers {accepted}, then {got}")


def resolver_says(address: str, status: str) -> None:
    """The resolver answers a question about a name that exists with this RCODE."""
    got = dig("mx.operator.example", "A", server=address)[0]
    expect(got == status, f"{address} answers {got}")


def no_dns(address: str) -> None:
    status = dig("operator.example", "A", "+time=1", "+tries=1", server=address)[0]
    expect(status == "TIMEOUT", f"{address} answers {status}")

CHECKS: dict[str, Callable[..., None]] = {
    function.__name__.replace("_", "-"): function for function in (
        nxdomain, nodata, answers, servfail, bogus, unsigned_answer, refused, silent, unreachable, mute, closes,
        greets, slow, says, breaks, floods, offers, lacks, injects, tls_only, no_handshake, chain_length, sni,
        second_connection, truncated, revoked,
        http, logs_in, refuses, takes_token, refuses_token, mechanisms, recipient, data_refused, sends_as, resolver_says, no_dns)}
