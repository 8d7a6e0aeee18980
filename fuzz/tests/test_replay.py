"""The replay of inputs in an ordinary build: it can fail, and nothing is left out of it."""
import os
import pathlib
import subprocess
import unittest

FUZZ = pathlib.Path(__file__).resolve().parents[1]
BUILT = pathlib.Path(os.environ["BUILD_DIRECTORY"])
CANARY = FUZZ / "tests/canary.input"
NAMES = sorted(path.stem for path in FUZZ.glob("fuzz_*.cpp"))


def replay(name, *inputs):
    return subprocess.run([BUILT / name, *inputs], capture_output=True, text=True, errors="replace")


class Replay(unittest.TestCase):
    def test_the_canary_is_seen_to_die(self):
        done = replay("fuzz_canary", CANARY)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("BROKEN LAW: no_view_ever_needs_another_program", done.stderr)

    def test_the_canary_lives_when_no_law_is_broken(self):
        done = replay("fuzz_canary", FUZZ / "json.dict")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("fuzz_canary: 1\n", done.stdout)

    def test_no_inputs_is_no_success(self):
        self.assertEqual(replay("fuzz_kernel").returncode, 1)
        self.assertNotEqual(replay("fuzz_kernel", FUZZ / "not-there").returncode, 0)

    def test_every_target_has_a_corpus_that_is_small(self):
        self.assertGreaterEqual(len(NAMES), 6)
        for name in NAMES:
            if name == "fuzz_canary":
                continue
            inputs = list((FUZZ / "corpus" / name).iterdir())
            self.assertGreater(len(inputs), 10, name)
            self.assertLessEqual(len(inputs), 300, name)
            self.assertLessEqual(sum(path.stat().st_size for path in inputs), 300_000, name)

    def test_every_directory_of_inputs_has_a_target(self):
        for directory in [*FUZZ.glob("corpus/*"), *FUZZ.glob("regressions/*/")]:
            self.assertIn(directory.name, NAMES)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
