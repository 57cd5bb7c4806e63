"""The lab's own world: network, mount and process namespaces, and the supervisor that runs as process 1 in them.

Everything dies with that process, and it dies with the `unshare` that made it (--kill-child).
"""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from . import daemons, firewall, scenario as data
from .certs import Authority
from .names import NameService

LAB = pathlib.Path(__file__).resolve().parent.parent / "lab.py"
SKIP = 77
NEEDED = {"ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "nsenter": "util-linux", "nsd": "nsd",
          "unbound": "unbound", "ldns-signzone": "ldnsutils", "dovecot": "dovecot-imapd dovecot-pop3d dovecot-auth-lua",
          "postfix": "postfix", "nginx": "nginx-light", "openssl": "openssl", "dig": "bind9-dnsutils",
          "curl": "curl"}
UNPACKED = {"exim4-daemon-light": "usr/sbin/exim4", "opensmtpd": "usr/sbin/smtpd"}
EXTRA_USERS = ("Debian-exim", "opensmtpd", "opensmtpq")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Skip(Exception):
    """The lab cannot run on this computer; the text names what would help."""


class LabFailed(Exception):
    """The lab did not start."""


def default_folder() -> pathlib.Path:
    return pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"maildoctor-lab-{os.getuid()}"


def unshare_command() -> list[str]:
    missing = sorted({package for tool, package in NEEDED.items() if not shutil.which(tool, path=PATH)})
    if missing:
        raise Skip(f"install: apt-get install {' '.join(missing)}")
    base = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.getuid():
        base[1:1] = ["--map-auto", "--map-root-user", "--user"]
    probe = subprocess.run([*base, "true"], capture_output=True, text=True, env={**os.environ, "PATH": PATH})
    if probe.returncode == 0:
        return base
    if os.getuid() == 0:
        raise Skip(f"this computer allows no new namespaces: {probe.stderr.strip()}")
    raise Skip("run as root, or: apt-get install uidmap, a range for you in /etc/subuid and /etc/subgid "
               f"(usermod --add-subuids 200000-265535 --add-subgids 200000-265535 {os.environ.get('USER', 'USER')}) "
               f"and sysctl kernel.unprivileged_userns_clone=1 ({probe.stderr.strip()})")


def cache_folder() -> pathlib.Path:
    """Where unpacked packages are kept from run to run (MAILDOCTOR_LAB_CACHE: CTest sets the build folder)."""
    if named := os.environ.get("MAILDOCTOR_LAB_CACHE"):
        return pathlib.Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(home) / "maildoctor-lab"


def unpack_packages(folder: pathlib.Path) -> None:
    """Fetches the mail servers that conflict with Postfix as packages and unpacks them; they are never installed.

    Where that fails, their scenarios are skipped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for package, file in UNPACKED.items():
        if (folder / package / file).exists():
            continue
        fetch = subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, text=True)
        archives = sorted(folder.glob(f"{package}_*.deb"))
        if fetch.returncode or not archives:
            continue
        subprocess.run(["dpkg", "-x", str(archives[-1]), str(folder / package)], check=True)


def start(folder: pathlib.Path, detached: bool) -> subprocess.Popen:
    """Starts a lab in `folder` and returns when all its servers answer.

    A lab that is not detached dies with the calling process.
    """
    command = unshare_command()
    unpack_packages(cache_folder())
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for old in ("ready", "failed"):
        (folder / old).unlink(missing_ok=True)
    log = open(folder / "lab.log", "w")

    def die_with_parent() -> None:
        if not detached:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    lab = subprocess.Popen([*command, sys.executable, str(LAB), "_serve", "--dir", str(folder)], stdout=log, stderr=log,
                           stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, start_new_session=True,
                           env={**os.environ, "PATH": PATH + ":" + os.environ.get("PATH", ""),
                                "MAILDOCTOR_LAB_CACHE": str(cache_folder())})
    (folder / "pid").write_text(str(lab.pid))
    end = time.monotonic() + 240
    while not (folder / "ready").exists():
        if lab.poll() is not None or (folder / "failed").exists() or time.monotonic() > end:
            lab.kill()
            raise LabFailed((folder / "lab.log").read_text()[-4000:])
        time.sleep(0.05)
    return lab


def running(folder: pathlib.Path) -> int | None:
    """The process id of the lab in `folder`, None where none runs."""
    try:
        pid = int((folder / "pid").read_text())
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"unshare" in words and str(folder).encode() in words else None


def stop(folder: pathlib.Path) -> None:
    if pid := running(folder):
        os.kill(pid, signal.SIGKILL)  # its child, process 1 of the namespace, goes with it, and all others with that
        while pathlib.Path(f"/proc/{pid}").exists():
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                time.sleep(0.02)
    (folder / "pid").unlink(missing_ok=True)
    (folder / "ready").unlink(missing_ok=True)


def remove(folder: pathlib.Path) -> None:
    """Deletes a lab's folder; without root some files belong to users of the namespace, so it is done as their root."""
    if os.getuid():
        subprocess.run(["unshare", "--user", "--map-auto", "--map-root-user", "rm", "-rf", str(folder)], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def enter_command(folder: pathlib.Path) -> list[str]:
    """What stands before a command that shall run inside the lab."""
    pid = running(folder)
    if pid is None or not (folder / "ready").exists():
        raise LabFailed(f"no lab runs in {folder}")
    child = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
    user = ["--user", "--preserve-credentials"] if os.getuid() else []
    return ["nsenter", "--target", child, *user, "--net", "--mount", "--pid"]


# --- inside ------------------------------------------------------------------------------------------------------

def run(*command: str, text: str | None = None) -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise LabFailed(f"{' '.join(command)}: {done.stderr.strip()}")


def set_up_network() -> None:
    run("ip", "link", "set", "lo", "up")
    for key in ("net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_nonlocal_bind"):
        run("sysctl", "-qw", f"{key}=1")
    run("ip", "addr", "add", f"{data.CLIENT4}/32", "dev", "lo")
    run("ip", "route", "replace", "local", data.NET4, "dev", "lo", "src", data.CLIENT4)
    run("ip", "-6", "addr", "add", f"{data.CLIENT6}/128", "dev", "lo", "nodad")
    run("ip", "-6", "route", "replace", "local", data.NET6, "dev", "lo", "src", data.CLIENT6)


def lay_over(path: str, text: str, folder: pathlib.Path) -> None:
    """Mounts a file of our own over a system file, in this namespace alone."""
    ours = folder / "etc" / path.lstrip("/").replace("/", "_")
    ours.parent.mkdir(exist_ok=True)
    ours.write_text(text)
    ours.chmod(0o644)
    target = pathlib.Path(os.path.realpath(path))
    if not target.exists():  # a link into /run
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    run("mount", "--bind", str(ours), str(target))


def set_up_files(folder: pathlib.Path) -> None:
    for place in ("/run", "/var/lib", "/var/spool"):  # OpenSMTPD's paths are compiled in
        run("mount", "-t", "tmpfs", "-o", "mode=755", "lab", place)
    for place, mode in (("/var/lib/opensmtpd/empty", 0o711), ("/var/spool/smtpd", 0o711)):
        os.makedirs(place)
        os.chmod(place, mode)
    lay_over("/etc/resolv.conf", f"nameserver {data.RESOLVER}\n", folder)
    lay_over("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n", folder)
    if os.path.exists("/etc/nsswitch.conf"):
        lay_over("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n", folder)
    users, groups = pathlib.Path("/etc/passwd").read_text(), pathlib.Path("/etc/group").read_text()
    for number, name in enumerate(EXTRA_USERS, 940):
        if f"\n{name}:" not in users:
            users += f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n"
        if f"\n{name}:" not in groups:
            groups += f"{name}:x:{number}:\n"
    lay_over("/etc/passwd", users, folder)
    lay_over("/etc/group", groups, folder)


def serve(folder: pathlib.Path) -> None:
    """Process 1 of the namespace: builds everything, starts the daemons, reaps what ends, never returns."""
    try:
        children = _start_all(folder)
    except BaseException as failure:
        print(f"lab: {type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
        (folder / "failed").write_text(str(failure))
        sys.exit(1)
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            time.sleep(1)
            continue
        if pid in children:
            print(f"lab: {children.pop(pid)} ended with status {status}", file=sys.stderr, flush=True)


def _start_all(folder: pathlib.Path) -> dict[int, str]:
    begin = time.monotonic()
    scenarios = data.load()
    set_up_network()
    set_up_files(folder)
    firewall.set_up(scenarios)
    authority = Authority(folder / "ca")
    authority.set_up()
    names = NameService(folder / "dns", scenarios, authority.spki_digest())
    authority.make_all(daemons.certificates(scenarios))
    commands = names.set_up()
    commands += daemons.mail_and_web(folder, scenarios, authority, cache_folder())
    children = {}
    for name, command in commands:
        output = open(folder / f"{name}.out", "w")
        children[subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL).pid] = name
    missing = wait_for_ports(scenarios, {name for name, _ in commands})
    if missing:
        raise LabFailed(f"no server listens at {', '.join(missing[:20])}")
    seconds = time.monotonic() - begin
    ready = folder / "ready.new"  # renamed when it is whole: others wait for the file and read it at once
    ready.write_text(json.dumps({"fingerprint": data.fingerprint(), "seconds": round(seconds, 1),
                                 "daemons": sorted({name for name, _ in commands})}))
    ready.rename(folder / "ready")
    print(f"lab: up after {seconds:.1f} s, {len(scenarios)} scenarios", file=sys.stderr, flush=True)
    return children


def listening() -> set[tuple[str, int]]:
    found = set()
    for family, path in ((socket.AF_INET, "/proc/net/tcp"), (socket.AF_INET6, "/proc/net/tcp6")):
        for line in pathlib.Path(path).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A":
                address, port = local.split(":")
                raw = bytes.fromhex(address)
                raw = b"".join(raw[i:i + 4][::-1] for i in range(0, len(raw), 4))
                found.add((socket.inet_ntop(family, raw), int(port, 16)))
    return found


def wait_for_ports(scenarios: list[data.Scenario], started: set[str]) -> list[str]:
    wanted = {(socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, address))
               if ":" in address else address, port.port)
              for one in scenarios for server in one.servers if server.run in started
              for address in server.at for port in server.ports}
    wanted |= {(data.RESOLVER, 53), (data.ROOT_NS, 53), (data.ZONE_NS[0], 53), (data.SHARED_MX, 25),
               (data.PLAIN_RESOLVER, 53), ("10.53.0.55", 53), (data.LAME_NS, 53)}
    end = time.monotonic() + 60
    while (missing := wanted - listening()) and time.monotonic() < end:
        time.sleep(0.05)
    return sorted(f"{address} port {port}" for address, port in missing)
