"""A small certificate authority: good certificates and every kind of bad one, made by the openssl command."""

from __future__ import annotations

import concurrent.futures
import datetime
import hashlib
import pathlib
import subprocess
import textwrap

# A certificate is asked for as "KIND NAME…": the kind says what is wrong with it, the names go into its SAN.
KINDS = {"good", "expired", "future", "ends-soon", "self-signed", "untrusted", "missing-intermediate", "sha1",
         "rsa1024", "no-san", "unordered", "with-root", "chain200", "expired-intermediate", "revoked-ocsp",
         "revoked-crl", "ocsp-good", "ocsp-dead", "private-root", "private-leaf", "antivirus", "firewall",
         "wrong-intermediate", "expired-cross", "ecdsa", "expired-self-signed", "client-only"}
STATUS_HOST = "status.operator.example"  # serves OCSP answers and CRLs (folder `status`, plain HTTP)


def openssl(*args: str, cwd: pathlib.Path) -> None:
    done = subprocess.run(["openssl", *args], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(args)}: {done.stderr.strip()}")


def san(names: list[str]) -> str:
    return "subjectAltName=" + ",".join(
        ("IP:" if name.replace(".", "").isdigit() or ":" in name else "DNS:") + name for name in names)


def stamp(days: float) -> str:
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """Root → intermediate → leaf, beside it an authority that nobody trusts. All files live in `folder`."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.status = folder / "status"
        self.status.mkdir(exist_ok=True)
        self.root = folder / "root.crt"
        self.key = folder / "leaf.key"

    def set_up(self) -> None:
        make = lambda *args: openssl(*args, cwd=self.folder)
        make("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "leaf.key")
        make("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "weak.key")
        make("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "curve.key")
        for name in ("leaf.key", "weak.key", "curve.key"):
            (self.folder / name).chmod(0o644)  # the servers run as users of their own
        for name in ("root", "inter", "deep", "other-root", "other-inter", "antivirus", "firewall"):
            make("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        for root, subject in (("root", "Lab Root CA"), ("other-root", "Nobody Trusts This Root CA"),
                              ("antivirus", "ESET SSL Filter CA"), ("firewall", "Fortinet_CA_SSL")):
            make("req", "-x509", "-new", "-key", f"{root}.key", "-subj", f"/O=Mail Lab/CN={subject}", "-days", "3650",
                 "-sha256", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", f"{root}.crt")
        self._intermediate("inter", "root", "Lab Intermediate CA")
        self._intermediate("other-inter", "other-root", "Untrusted Intermediate CA")
        self._ca_config()
        self._dated_intermediate()
        self._cross_root()

    def _intermediate(self, name: str, issuer: str, subject: str) -> None:
        openssl("req", "-x509", "-new", "-key", f"{name}.key", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key",
                "-subj", f"/O=Mail Lab/CN={subject}", "-days", "1800", "-sha256",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", f"{name}.crt", cwd=self.folder)

    def _ca_config(self) -> None:
        # Only `openssl ca` can set the start date, so certificates with odd dates go this way.
        (self.folder / "ca.cnf").write_text(textwrap.dedent("""\
            [ca]
            default_ca = lab
            [lab]
            database = $ENV::LAB_DB
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = any
            copy_extensions = copy
            email_in_dn = no
            x509_extensions = leaf
            [any]
            organizationName = optional
            commonName = optional
            [leaf]
            basicConstraints = critical,CA:FALSE
            extendedKeyUsage = serverAuth
            authorityKeyIdentifier = keyid
            [leaf_own]
            basicConstraints = critical,CA:FALSE
            [leaf_client]
            basicConstraints = critical,CA:FALSE
            extendedKeyUsage = clientAuth
            authorityKeyIdentifier = keyid
            [leaf_ocsp]
            basicConstraints = critical,CA:FALSE
            extendedKeyUsage = serverAuth
            authorityKeyIdentifier = keyid
            authorityInfoAccess = OCSP;URI:$ENV::LAB_URL
            [leaf_crl]
            basicConstraints = critical,CA:FALSE
            extendedKeyUsage = serverAuth
            authorityKeyIdentifier = keyid
            crlDistributionPoints = URI:$ENV::LAB_URL
            [ca_ext]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign,cRLSign
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid
            """))

    def _dated(self, out: str, key: str, issuer: str, subject: str, names: list[str], start: float, end: float,
               extensions: str, url: str = "http://unused.example/") -> None:
        work = self.folder / f"{out}.d"
        work.mkdir(exist_ok=True)
        (work / "db").write_text("")
        extra = ["-addext", san(names)] if names else []
        subject = subject if subject.startswith("/") else f"/CN={subject}"
        openssl("req", "-new", "-key", key, "-subj", subject, *extra, "-out", f"{out}.csr", cwd=self.folder)
        signer = (["-cert", f"{issuer}.crt", "-keyfile", f"{issuer}.key"] if issuer else
                  ["-selfsign", "-keyfile", key])
        done = subprocess.run(
            ["openssl", "ca", "-batch", "-notext", "-config", "ca.cnf", *signer, "-outdir", str(work), "-in", f"{out}.csr", "-out", f"{out}.crt", "-startdate",
             stamp(start), "-enddate", stamp(end), "-extensions", extensions],
            cwd=self.folder, capture_output=True, text=True, env=self._ca_environment(out, url))
        if done.returncode:
            raise RuntimeError(f"openssl ca for {out}: {done.stderr.strip()}")

    def _ca_environment(self, out: str, url: str = "http://unused.example/") -> dict[str, str]:
        return {"LAB_DB": str(self.folder / f"{out}.d" / "db"), "LAB_URL": url, "PATH": "/usr/bin:/bin"}

    def _with_status(self, out: str, kind: str, names: list[str]) -> None:
        """A certificate whose state can be asked for by OCSP or read in a CRL."""
        form = "crl" if kind == "revoked-crl" else "ocsp"
        host = "dead.operator.example" if kind == "ocsp-dead" else STATUS_HOST
        self._dated(out, "leaf.key", "inter", names[0], names, -5, 85, f"leaf_{form}", f"http://{host}/{out}.{form}")
        ca = ["openssl", "ca", "-config", "ca.cnf", "-cert", "inter.crt", "-keyfile", "inter.key"]
        steps = []
        if kind.startswith("revoked"):
            steps.append([*ca, "-revoke", f"{out}.crt", "-crl_reason", "keyCompromise"])
        if form == "crl":
            steps += [[*ca, "-gencrl", "-crldays", "20", "-out", f"{out}.crl.pem"],
                      ["openssl", "crl", "-in", f"{out}.crl.pem", "-outform", "DER", "-out", f"status/{out}.crl"]]
        else:
            steps += [["openssl", "ocsp", "-issuer", "inter.crt", "-cert", f"{out}.crt", "-no_nonce", "-reqout",
                       f"{out}.req"],
                      ["openssl", "ocsp", "-index", f"{out}.d/db", "-rsigner", "inter.crt", "-rkey", "inter.key", "-CA",
                       "inter.crt", "-reqin", f"{out}.req", "-respout", f"status/{out}.ocsp", "-ndays", "20"]]
        for step in steps:
            done = subprocess.run(step, cwd=self.folder, capture_output=True, text=True, env=self._ca_environment(out))
            if done.returncode:
                raise RuntimeError(f"{' '.join(step)}: {done.stderr.strip()}")

    def spki_digest(self) -> str:
        """SHA-256 of the public key that all leaf certificates share (TLSA 3 1 1)."""
        der = subprocess.run(["openssl", "pkey", "-in", "leaf.key", "-pubout", "-outform", "DER"], cwd=self.folder,
                             capture_output=True, check=True).stdout
        return hashlib.sha256(der).hexdigest()

    def dh_parameters(self, bits: int) -> pathlib.Path:
        """A file with parameters for Diffie-Hellman of so many bits."""
        path = self.folder / f"dh{bits}.pem"
        if not path.exists():
            openssl("dhparam", "-dsaparam", "-out", path.name, str(bits), cwd=self.folder)
        return path

    def _dated_intermediate(self) -> None:
        self._dated("old-inter", "deep.key", "root", "Lab Intermediate CA That Ended", [], -900, -20, "ca_ext")

    def _cross_root(self) -> None:
        """The root once more, under an older root that has ended: as DST Root CA X3 over ISRG Root X1."""
        self._dated("cross-root", "root.key", "other-root", "/O=Mail Lab/CN=Lab Root CA", [], -900, -20, "ca_ext")

    def _issue(self, out: str, names: list[str], issuer: str = "inter", key: str = "leaf.key", digest: str = "sha256",
               with_san: bool = True, issuer_key: str = "", days: int = 90) -> str:
        extra = ["-addext", san(names)] if with_san else []
        openssl("req", "-x509", "-new", "-key", key, "-CA", f"{issuer}.crt", "-CAkey", issuer_key or f"{issuer}.key",
                "-subj", f"/CN={names[0][:64]}", "-days", str(days), f"-{digest}", *extra,
                "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth",
                "-out", f"{out}.crt", cwd=self.folder)
        return out

    def files(self, spec: str) -> tuple[pathlib.Path, pathlib.Path]:
        """Where certificate chain and key of `spec` are (made by make_all)."""
        key = {"rsa1024": "weak.key", "ecdsa": "curve.key"}.get(spec.split()[0], "leaf.key")
        return self.folder / f"{self._name(spec)}.pem", self.folder / key

    @staticmethod
    def _name(spec: str) -> str:
        kind, first = spec.split()[:2]
        digest = hashlib.sha256(spec.encode()).hexdigest()[:8]
        return f"{kind}-{first.replace('*', '_').replace(':', '-')}-{digest}"

    def make_all(self, specs: set[str]) -> None:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(self._make, sorted(specs)))

    def _make(self, spec: str) -> None:
        kind, *names = spec.split()
        if kind not in KINDS or not names:
            raise RuntimeError(f"unknown certificate {spec!r}; kinds: {', '.join(sorted(KINDS))}")
        out = self._name(spec)
        chain = [out, "inter"]
        if kind == "expired":
            self._dated(out, "leaf.key", "inter", names[0], names, -100, -3, "leaf")
        elif kind == "future":
            self._dated(out, "leaf.key", "inter", names[0], names, 30, 120, "leaf")
        elif kind == "ends-soon":
            self._dated(out, "leaf.key", "inter", names[0], names, -83, 6.5, "leaf")
        elif kind in ("revoked-ocsp", "revoked-crl", "ocsp-good", "ocsp-dead"):
            self._with_status(out, kind, names)
        elif kind == "self-signed":
            openssl("req", "-x509", "-new", "-key", "leaf.key", "-subj", f"/CN={names[0]}", "-days", "365", "-addext",
                    san(names), "-addext", "basicConstraints=critical,CA:FALSE", "-out", f"{out}.crt", cwd=self.folder)
            chain = [out]
        elif kind == "untrusted":
            self._issue(out, names, issuer="other-inter")
            chain = [out, "other-inter"]
        elif kind in ("private-root", "private-leaf"):  # a company's own authority, with its root or without
            self._issue(out, names, issuer="other-root")
            chain = [out, "other-root"] if kind == "private-root" else [out]
        elif kind in ("antivirus", "firewall"):  # made on the way by a product that takes connections apart
            self._issue(out, names, issuer=kind)
            chain = [out]
        elif kind == "expired-intermediate":
            self._issue(out, names, issuer="old-inter", issuer_key="deep.key")
            chain = [out, "old-inter"]
        elif kind == "sha1":
            self._issue(out, names, digest="sha1")
        elif kind == "rsa1024":
            self._issue(out, names, key="weak.key")
        elif kind == "ecdsa":
            self._issue(out, names, key="curve.key")
        elif kind == "client-only":
            self._dated(out, "leaf.key", "inter", names[0], names, -5, 85, "leaf_client")
        elif kind == "expired-self-signed":
            self._dated(out, "leaf.key", "", names[0], names, -400, -35, "leaf_own")
            chain = [out]
        elif kind == "no-san":
            self._issue(out, names, with_san=False)
        else:
            self._issue(out, names)
            chain = {"missing-intermediate": [out], "unordered": [out, "root", "inter"],
                     "with-root": [out, "inter", "root"],
                     "wrong-intermediate": [out, "other-inter"], "expired-cross": [out, "inter", "cross-root"],
                     "chain200": [out] + ["inter"] * 199}.get(kind, chain)
        text = "".join((self.folder / f"{part}.crt").read_text() for part in chain)
        (self.folder / f"{out}.pem").write_text(text)
