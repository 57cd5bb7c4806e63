"""Odd surroundings: closed or full outputs, no home, no environment, a reader that goes away."""
import subprocess

from program import PROGRAM, ProgramTest, main, run


def shell(command, **more):
    return subprocess.run(["/bin/bash", "-c", command, "bash", PROGRAM], text=True, timeout=30, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


class Surroundings(ProgramTest):
    def test_full_device(self):
        for arguments in ("--version", "--help", "explain 0x800CCC0D", "explain --help"):
            with self.subTest(arguments=arguments):
                self.assertIn("No space left", self.assert_one_line(shell(f'"$1" {arguments} > /dev/full')))

    def test_closed_output(self):
        for arguments in ("--version", "explain 0x800CCC0D"):
            with self.subTest(arguments=arguments):
                self.assertIn("standard output cannot be written", self.assert_one_line(shell(f'"$1" {arguments} >&-')))

    def test_closed_everything(self):
        self.assertEqual(2, shell('"$1" --version <&- >&- 2>&-').returncode)

    def test_closed_input(self):
        result = shell('"$1" explain - <&-')
        self.assertIn(result.returncode, (2, 3))
        self.assertLessEqual(len(result.stderr.splitlines()), 1)

    def test_reader_that_goes_away(self):
        result = shell('set -o pipefail; "$1" --help | true; exit 0')
        self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_no_environment_at_all(self):
        for arguments in ("--version", "explain 0x800CCC0D"):
            with self.subTest(arguments=arguments):
                result = shell(f'exec env -i "$1" {arguments}')
                self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_home_that_is_no_folder(self):
        self.assertEqual(0, run("explain", "0x800CCC0D", env={"HOME": "/dev/null", "XDG_CONFIG_HOME": "/nonexistent"}).returncode)

    def test_unknown_locale(self):
        result = run("explain", "0x800CCC0D", env={"LC_ALL": "xx_YY.ISO-8859-1", "LANG": "\x1b"})
        self.assertEqual((0, ""), (result.returncode, result.stderr))


if __name__ == "__main__":
    main()
