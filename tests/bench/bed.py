"""The bench bed for the comparisons of this folder: a network namespace with a name server and a mail stub, and the
reference client. BENCH is a folder with bed/bed.sh, bed/mkcerts.sh, bed/mailstub.cpp and reference/rawprobe.cpp."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

SKIPPED = 77
NAMESPACE = "mdbench"   # as bed.sh calls it
NAME_SERVER = "10.76.0.53"

# What makes the stub present one of several leaf certificates, by the address that was dialled: text and what comes instead.
_CHAINS = (
    ("static SSL_CTX* ctx;\n", "static SSL_CTX* ctx;\nstatic vector<SSL_CTX*> chains;\nstatic int o_chains = 0;\n"),
    ("int fd; uint64_t id; PortDef pd;", "int fd; uint64_t id; uint32_t addr = 0; PortDef pd;"),
    ("c->ssl = SSL_new(ctx);", "c->ssl = SSL_new(chains.empty() ? ctx : chains[((c->addr >> 8 & 255) * 250 + (c->addr & 255)) % chains.size()]);"),
    ("c->cls = (ntohl(a.sin_addr.s_addr) >> 16) & 255;", "c->addr = ntohl(a.sin_addr.s_addr); c->cls = (c->addr >> 16) & 255;"),
    ('else if (k == "--threads")', 'else if (k == "--chains") o_chains = stoi(v); else if (k == "--threads")'),
    ("  vector<thread> th;", """  for (int i = 0; i < o_chains; i++) {
    SSL_CTX* c = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_options(c, SSL_OP_NO_TICKET); SSL_CTX_set_num_tickets(c, 0);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF); SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_chain_file(c, (o_dir + "/chain" + to_string(i) + ".pem").c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(c, (o_dir + "/ecdsa-leaf.key").c_str(), SSL_FILETYPE_PEM) != 1) return 1;
    chains.push_back(c);
  }
  vector<thread> th;"""))

_LEAF = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:*.bench.test,DNS:bench.test
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


def can_run(bench: pathlib.Path) -> bool:
    needed = (bench / name for name in ("bed/bed.sh", "bed/mailstub.cpp", "reference/rawprobe.cpp"))
    if os.geteuid() == 0 and all(path.exists() for path in needed):
        return True
    print("skipped: needs root and the bench bed")
    return False


def build_reference(bench: pathlib.Path, folder: str) -> str:
    """Compiles the reference client. Gives its path."""
    program = os.path.join(folder, "rawprobe")
    subprocess.run(["clang++-19", "-O2", "-std=c++20", "-w", str(bench / "reference/rawprobe.cpp"), "-o", program, "-lssl", "-lcrypto"], check=True)
    return program


class Bed:
    """The bench bed, up while in use."""

    def __init__(self, bench: pathlib.Path, folder: str, domains: int = 10, chains: int = 0):
        self.bench, self.folder, self.chains = bench, folder, chains
        self.authority = os.path.join(folder, "pki/ca.pem")
        self.stub_options = ["--cert", "ecdsa"] + (["--chains", str(chains)] if chains else [])
        self.env = {**os.environ, "BED": folder, "N": str(domains), "STUB_OPTS": " ".join(self.stub_options)}

    def __enter__(self):
        if self.chains:
            self._make_chains()
        self.do("up")
        return self

    def __exit__(self, *_):
        self.do("down")

    def do(self, *verb: str) -> None:
        log = pathlib.Path(self.folder, "bed.log")
        with log.open("a", encoding="utf-8") as out:
            if subprocess.run([str(self.bench / "bed/bed.sh"), *verb], env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=False).returncode:
                sys.exit(f"bed.sh {' '.join(verb)} failed:\n{log.read_text(encoding='utf-8')[-2000:]}")

    def restart_stub(self, *options: str) -> None:
        self.do("restart-stub", *self.stub_options, *options)

    def rows(self, which: str) -> list[list[str]]:
        """Domain, host and address of each domain of a set: d all alive, x 20 % dead, m with tarpits and slow servers."""
        text = pathlib.Path(self.folder, f"zone/{which}.tsv").read_text(encoding="ascii")
        return [line.split("\t") for line in text.splitlines()]

    def counts(self) -> dict[str, int]:
        """Connections opened and datagrams received in the namespace, handshakes finished by the stub."""
        text = subprocess.run(["ip", "netns", "exec", NAMESPACE, "cat", "/proc/net/snmp"], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in text.splitlines()]
        kernel = {f"{head[0]}{name}": int(value) for head, values in zip(rows[::2], rows[1::2]) for name, value in zip(head[1:], values[1:])}
        stub = self.stub_counts()
        # Each question is one datagram at the name server and its answer one at the client.
        return {"connections": kernel["Tcp:ActiveOpens"], "datagrams": kernel["Udp:InDatagrams"] // 2, "handshakes": stub["tls"]}

    def stub_counts(self) -> dict[str, int]:
        os.kill(int(pathlib.Path(self.folder, "stub.pid").read_text(encoding="ascii")), signal.SIGUSR1)
        time.sleep(0.25)
        found = re.findall(r"(\w+)=([\d.]+)", pathlib.Path(self.folder, "stub.stats").read_text(encoding="ascii"))
        return {name: int(float(value)) for name, value in found}

    def _make_chains(self) -> None:
        """Leaf certificates below the bed's intermediate, and a stub that presents them."""
        pki = pathlib.Path(self.folder, "pki")
        subprocess.run([str(self.bench / "bed/mkcerts.sh"), str(pki)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pathlib.Path(pki, "leaf.ext").write_text(_LEAF, encoding="ascii")
        link = pathlib.Path(pki, "ecdsa-inter.pem").read_text(encoding="ascii")
        for i in range(self.chains):
            done = subprocess.run(["openssl", "x509", "-req", "-in", "ecdsa-leaf.csr", "-CA", "ecdsa-inter.pem", "-CAkey", "ecdsa-inter.key", "-set_serial", str(1000 + i),
                                   "-days", "365", "-sha256", "-extfile", "leaf.ext"], cwd=pki, capture_output=True, text=True, check=True)
            pathlib.Path(pki, f"chain{i}.pem").write_text(done.stdout + link, encoding="ascii")
        source = (self.bench / "bed/mailstub.cpp").read_text(encoding="utf-8")
        if '"--chains"' not in source:
            for text, instead in _CHAINS:
                if source.count(text) != 1:
                    sys.exit(f"mailstub.cpp has changed: '{text.strip()}' stands there {source.count(text)} times")
                source = source.replace(text, instead)
        stub = pathlib.Path(self.folder, "mailstub")  # newer than the bed's source: bed.sh takes it as it is
        stub.with_suffix(".cpp").write_text(source, encoding="utf-8")
        subprocess.run(["clang++-19", "-O2", "-std=c++20", "-w", str(stub) + ".cpp", "-o", str(stub), "-lssl", "-lcrypto", "-pthread"], check=True)
