#!/usr/bin/env python3
"""Compiles the rooms without network for Windows. usage: check_windows.py SOURCE_DIR BUILD_DIR COMPILER

A first step towards a Windows build: nothing is linked or run. The rooms of floors 1 and 2 and those listed below must
compile for x86_64-w64-mingw32, except the files named *_posix.cpp, which get a sibling there.
Exit status: 0 all compile, 1 one does not, 77 the headers of mingw-w64 or the compiler are not here.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

TARGET = "x86_64-w64-mingw32"
MORE_ROOMS = ("explain", "report", "config")     # above floor 2, and free of network code
HEADERS = ("Poco", "fmt", "toml++", "re2", "asio", "asio.hpp", "idn2.h", "libpsl.h", "minizip", "zlib.h", "zconf.h")   # the same on every system
DEFINES = ("ASIO_STANDALONE", "ASIO_NO_DEPRECATED", "ASIO_HAS_CO_AWAIT=1", "ASIO_HAS_STD_COROUTINE=1", "ASIO_HAS_THREADS=1",
           "WIN32_LEAN_AND_MEAN", "NOMINMAX", "_POSIX_C_SOURCE=200809L")


def rooms(source: pathlib.Path) -> list[str]:
    """Those of floors 1 and 2 in the table of docs/architecture.md, and MORE_ROOMS."""
    table = (source / "docs/architecture.md").read_text(encoding="utf-8")
    low = [room for line in re.findall(r"^\| [12] \| ([^|]*) \|", table, re.M) for room in re.findall(r"`([a-z]+)`", line)]
    return [*low, *MORE_ROOMS]


def foreign_headers(folder: pathlib.Path) -> pathlib.Path | None:
    """A folder with links to the libraries' headers alone: those of this system's C library must not be seen."""
    windows = pathlib.Path("/usr", TARGET, "include")
    if not (windows / "winsock2.h").exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    links = {name: pathlib.Path("/usr/include", name) for name in HEADERS} | {
        spelling: windows / spelling.lower() for spelling in ("Winsock2.h", "Iphlpapi.h")}   # as Poco spells them
    for name, target in links.items():
        if not (folder / name).exists() and target.exists():
            (folder / name).symlink_to(target)
    return folder


def main() -> int:
    source, build, compiler = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    headers = foreign_headers(build / "windows-headers")
    if headers is None or not shutil.which(compiler):
        print(f"skipped: install g++-mingw-w64-x86-64-posix, and {compiler}")
        return 77
    output = build / "windows-objects"
    output.mkdir(exist_ok=True)
    command = [*([shutil.which("ccache")] if shutil.which("ccache") else []), compiler, f"--target={TARGET}", "-std=c++2b", "-O0", "-c",
               f"-I{source}", f"-I{build}", f"-I{build / 'generated'}", "-isystem", str(headers), *(f"-D{define}" for define in DEFINES)]
    files = [file for room in rooms(source) for file in sorted((source / "core" / room).glob("*.cpp")) if not file.stem.endswith("_posix")]

    def compile_one(file: pathlib.Path) -> str:
        done = subprocess.run([*command, "-o", str(output / f"{file.parent.name}-{file.stem}.o"), str(file)], capture_output=True, text=True, check=False,
                              env={**os.environ, "CCACHE_BASEDIR": str(source)}, cwd=source)
        return done.stderr if done.returncode else ""

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(compile_one, files) if fault]
    print("\n".join(faults) if faults else f"windows: {len(files)} files of {len(rooms(source))} rooms compile for {TARGET}")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
