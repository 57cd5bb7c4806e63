#!/usr/bin/env python3
"""Checks that no include runs up or across the house of rooms. usage: check_rooms.py [SOURCE_DIR]

The floors stand in docs/architecture.md, section "Rooms and floors", and nowhere else. Besides the direction between
rooms, this refuses headers of the operating system outside `platform`, network headers in the rooms that have no
network, and foreign libraries outside their doors. CMake's links between rooms obey the same direction.
Exit status: 0 nothing found, 1 something found, 2 the table cannot be read.
"""
import pathlib
import re
import sys

# Rooms whose tests link no network code.
WITHOUT_NETWORK = {"model", "names", "protocol", "json", "xml", "mime", "knowledge", "explain", "config", "plan", "diagnose", "report",
                   "store"}
# What the programs may use besides the facade: rooms without network, and the operating system's door.
FOR_PROGRAMS = {"model", "platform", "names", "knowledge", "explain", "config", "report", "doctor"}
# Headers that Windows lacks, and those of sockets and processes: they belong into `platform`.
SYSTEM = {
    "arpa/inet.h", "byteswap.h", "dirent.h", "dlfcn.h", "endian.h", "err.h", "execinfo.h", "fcntl.h", "fnmatch.h", "glob.h",
    "grp.h", "iconv.h", "ifaddrs.h", "io.h", "langinfo.h", "net/if.h", "netdb.h", "nl_types.h", "poll.h", "pwd.h", "regex.h",
    "resolv.h", "sched.h", "spawn.h", "strings.h", "sysexits.h", "syslog.h", "termios.h", "ucontext.h", "unistd.h",
    "windows.h", "winsock2.h", "wordexp.h", "ws2tcpip.h", "pthread.h",
}
SYSTEM_FOLDERS = ("linux/", "netinet/", "sys/")
NETWORK_PREFIXES = ("asio", "openssl/", "ldns/", "Poco/Net/", "Poco/Crypto/", "netinet/", "sys/socket")
NETWORK_EXCEPTIONS = {"mime": ("Poco/Net/MIMEHeader", "Poco/Net/Message", "Poco/Net/Multipart", "Poco/Net/NameValue",
                               "Poco/Net/Part", "Poco/Net/MediaType", "Poco/Net/MailMessage", "Poco/Net/QuotedPrintable")}
# The doors of foreign libraries: header prefix -> rooms that may include it.
DOORS = {
    "asio": {"async", "net", "dns", "tls", "http", "doctor"},
    "openssl/": {"tls"},
    "ldns/": {"dns"},
    "idn2.h": {"names"},
    "libpsl.h": {"names"},
    "CLI/": {"cli"},
    "gsasl.h": {"mail"},
    "Poco/JSON/": {"json"},
    "Poco/SAX/": {"xml"},
    "sqlite3.h": {"store"},
    "Poco/Redis/": {"queue"},
    "imgui": {"gui"},
    "GLFW/": {"gui"},
    "backends/imgui": {"gui"},
    "fontconfig/": {"gui"},
    "png.h": {"gui"},
    "X11/": {"gui"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
LINK = re.compile(r"maildoctor::([a-z0-9_]+)")


class TableError(Exception):
    """The table of floors is missing or contradicts itself."""


def read_floors(text: str) -> dict[str, int]:
    """Room -> floor, from the Markdown table whose head is `| floor | rooms | …`."""
    floors: dict[str, int] = {}
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[:2] == ["floor", "rooms"]:
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and cells[0].isdigit():
            for room in re.findall(r"`([a-z0-9_]+)`", cells[1]):
                if room in floors:
                    raise TableError(f"room '{room}' stands twice in the table of floors")
                floors[room] = int(cells[0])
    if not floors:
        raise TableError("docs/architecture.md has no table '| floor | rooms | …'")
    return floors


def room_of(path: pathlib.PurePosixPath) -> str:
    """core/net/x.h -> net; cli/main.cpp -> cli."""
    return path.parts[1] if path.parts[0] == "core" else path.parts[0]


def check_room_use(room: str, other: str, floors: dict[str, int]) -> str | None:
    if other == room:
        return None
    if other not in floors:
        return f"room '{other}' is not in the table of docs/architecture.md"
    if room in ("cli", "gui"):
        return None if other in FOR_PROGRAMS else f"'{room}' must not include '{other}': work goes through 'doctor'"
    if room not in floors:
        return f"room '{room}' is not in the table of docs/architecture.md"
    if floors[other] < floors[room]:
        return None
    where = "the same floor" if floors[other] == floors[room] else f"floor {floors[other]}, above floor {floors[room]}"
    return f"room '{room}' must not include '{other}' ({where})"


def check_header(room: str, header: str) -> str | None:
    if (header in SYSTEM or header.startswith(SYSTEM_FOLDERS)) and room != "platform":
        return f"<{header}> belongs into room 'platform', not '{room}'"
    if room in WITHOUT_NETWORK and header.startswith(NETWORK_PREFIXES) and not header.startswith(NETWORK_EXCEPTIONS.get(room, ("\0",))):
        return f"room '{room}' has no network: it must not include <{header}>"
    for prefix, rooms in DOORS.items():
        if header.startswith(prefix) and room not in rooms:
            return f"<{header}> belongs behind {', '.join(sorted(rooms))}, not into '{room}'"
    return None


def check_line(path: pathlib.PurePosixPath, line: str, floors: dict[str, int]) -> str | None:
    """What is wrong with this line of a source file, or nothing."""
    match = INCLUDE.match(line)
    if not match:
        return None
    room, header = room_of(path), match.group(2)
    if match.group(1) == "<" or not header.startswith(("core/", "cli/", "gui/", "model/")):
        return check_header(room, header)
    if header.startswith("core/"):
        return check_room_use(room, header.split("/")[1], floors)
    if header.startswith(("cli/", "gui/")) and room != header.split("/")[0]:
        return f"room '{room}' must not include '{header.split('/')[0]}'"
    return None


def check_tree(source: pathlib.Path) -> list[str]:
    floors = read_floors((source / "docs/architecture.md").read_text(encoding="utf-8"))
    faults = []
    for top in ("core", "cli", "gui"):
        for file in sorted((source / top).rglob("*")):
            path = pathlib.PurePosixPath(file.relative_to(source).as_posix())
            if file.suffix in (".h", ".cpp", ".inc"):
                for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                    if fault := check_line(path, line, floors):
                        faults.append(f"{path}:{number}: {fault}")
            elif file.name == "CMakeLists.txt" and len(path.parts) == 3 and top == "core":
                for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                    for other in LINK.findall(line.split("#")[0]):
                        if other in floors and (fault := check_room_use(room_of(path), other, floors)):
                            faults.append(f"{path}:{number}: {fault.replace('include', 'link')}")
    for folder in sorted((source / "core").iterdir()):
        if folder.is_dir() and folder.name not in floors:
            faults.append(f"core/{folder.name}: room '{folder.name}' is not in the table of docs/architecture.md")
    return faults


def main() -> int:
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    try:
        faults = check_tree(source)
    except (OSError, TableError) as error:
        print(f"check_rooms: {error}", file=sys.stderr)
        return 2
    print("\n".join(faults) if faults else "rooms: every arrow points down")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
