"""The room check refuses what it has to refuse, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("check_rooms.py")
SOURCE = SCRIPT.parents[2]

GOOD = {
    "core/model/x.h": "#include <string>\n",
    "core/platform/x_posix.cpp": "#include <unistd.h>\n#include <sys/ioctl.h>\n",
    "core/net/x.cpp": '#include <asio/ip/tcp.hpp>\n#include "core/net/x.h"\n#include "core/async/task.h"\n',
    "core/mime/x.cpp": "#include <Poco/Net/MessageHeader.h>\n",
    "core/explain/x.cpp": '#include "core/knowledge/pack.h"\n',
    "cli/main.cpp": '#include <CLI/CLI.hpp>\n#include "core/doctor/doctor.h"\n#include "cli/check.h"\n',
}
BAD = [
    ("core/explain/x.h", '#include "core/tls/client.h"', "core/explain/x.h:1: room 'explain' must not include 'tls'"),
    ("core/model/x.h", '#  include "core/async/task.h"', "core/model/x.h:1: room 'model' must not include 'async'"),
    ("core/dns/x.h", '#include "core/tls/client.h"', "core/dns/x.h:1: room 'dns' must not include 'tls' (the same floor)"),
    ("core/net/x.h", '#include "core/cellar/x.h"', "core/net/x.h:1: room 'cellar' is not in the table"),
    ("core/net/x.cpp", "#include <poll.h>", "core/net/x.cpp:1: <poll.h> belongs into room 'platform'"),
    ("core/tls/x.cpp", "#include <sys/socket.h>", "core/tls/x.cpp:1: <sys/socket.h> belongs into room 'platform'"),
    ("core/diagnose/x.cpp", "#include <asio/ip/tcp.hpp>", "core/diagnose/x.cpp:1: room 'diagnose' has no network"),
    ("core/report/x.cpp", "#include <openssl/ssl.h>", "core/report/x.cpp:1: room 'report' has no network"),
    ("core/mime/x.cpp", "#include <Poco/Net/HTTPClientSession.h>", "core/mime/x.cpp:1: room 'mime' has no network"),
    ("core/mail/x.cpp", "#include <ldns/ldns.h>", "core/mail/x.cpp:1: <ldns/ldns.h> belongs behind dns"),
    ("core/doctor/x.cpp", "#include <CLI/CLI.hpp>", "core/doctor/x.cpp:1: <CLI/CLI.hpp> belongs behind cli"),
    ("core/doctor/x.cpp", '#include "cli/check.h"', "core/doctor/x.cpp:1: room 'doctor' must not include 'cli'"),
    ("cli/main.cpp", '#include "core/dns/resolver.h"', "cli/main.cpp:1: 'cli' must not include 'dns': work goes through 'doctor'"),
    ("gui/view.cpp", '#include "core/mail/dialog.h"', "gui/view.cpp:1: 'gui' must not include 'mail'"),
    ("core/protocol/CMakeLists.txt", "maildoctor_room(protocol SOURCES x.cpp PUBLIC maildoctor::net)",
     "core/protocol/CMakeLists.txt:1: room 'protocol' must not link 'net'"),
]


def run(files: dict[str, str], table: str | None = None) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "docs").mkdir()
        real = (SOURCE / "docs/architecture.md").read_text(encoding="utf-8")
        (root / "docs/architecture.md").write_text(real if table is None else table, encoding="utf-8")
        for top in ("core", "cli", "gui"):
            (root / top).mkdir()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n", encoding="utf-8")
        return subprocess.run([sys.executable, str(SCRIPT), folder], capture_output=True, text=True, check=False)


class RoomCheck(unittest.TestCase):
    def test_good_tree_passes(self):
        result = run(GOOD)
        self.assertEqual((0, ""), (result.returncode, result.stderr), result.stdout)

    def test_each_bad_example_is_named_with_file_and_line(self):
        for name, line, message in BAD:
            with self.subTest(name=name, line=line):
                result = run({name: line})
                self.assertEqual(1, result.returncode)
                self.assertEqual(1, len(result.stdout.splitlines()), result.stdout)
                self.assertTrue(result.stdout.startswith(message), result.stdout)

    def test_unknown_room_folder(self):
        self.assertIn("core/attic: room 'attic' is not in the table", run({"core/attic/readme.md": ""}).stdout)

    def test_comments_and_strings_are_no_includes(self):
        self.assertEqual(0, run({"core/model/x.h": '// #include "core/tls/x.h"\nauto s = "#include <poll.h>";'}).returncode)

    def test_missing_or_double_table(self):
        self.assertEqual(2, run({}, "no table here").returncode)
        twice = "| floor | rooms | x |\n| --- | --- | --- |\n| 1 | `model` | a |\n| 2 | `model` | b |\n"
        self.assertIn("stands twice", run({}, twice).stderr)


if __name__ == "__main__":
    unittest.main()
