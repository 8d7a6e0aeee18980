"""What the pages say is so: their links lead somewhere, their example runs, the commands they list exist."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

COMMAND = os.environ["AGENTSLOCK"]
SOURCE = pathlib.Path(__file__).resolve().parents[1]
README = (SOURCE / "README.md").read_text()
PAGES = [*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md"), *SOURCE.glob("tests/*/README.md")]


def part(begin, end):
    """The README between two texts, each of which it must have."""
    return README[README.index(begin):README.index(end, README.index(begin))]


class Pages(unittest.TestCase):
    def test_links_lead_to_files_and_headings(self):
        # As GitHub names headings.
        def anchors(page):
            names, seen = set(), {}
            for heading in re.findall(r"^#+ +(.*)$", without_code(page.read_text()), re.M):
                name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
                names.add(name if name not in seen else f"{name}-{seen[name]}")
                seen[name] = seen.get(name, 0) + 1
            return names

        def without_code(text):
            return re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)

        links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", without_code(page.read_text()))
                 if "://" not in link]
        self.assertGreater(len(links), 10)
        for page, link in links:
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            self.assertTrue(target.exists(), f"{page}: {link}")
            if heading and target.suffix == ".md":
                self.assertIn(heading, anchors(target), f"{page}: {link}")

    def test_what_starting_tells_to_type_is_typed(self):
        text = (SOURCE / "docs/starting.md").read_text()
        fenced = re.findall(r"^```\w+$", text, re.M)
        marked = re.findall(r"^<!-- way: [\w -]+(?:, in a clean root)? -->\n```(?:cmake|sh)$", text, re.M)
        self.assertGreater(len(fenced), 5)
        self.assertEqual(len(marked), len(fenced))

    def test_paths_in_the_readme_exist(self):
        paths = re.findall(r"`((?:kernel|io|cli|tests|tools|docs)/[\w./]*)`", README)
        self.assertGreater(len(paths), 5)
        for path in paths:
            self.assertTrue((SOURCE / path).exists(), path)

    def test_the_example_prints_what_the_readme_says(self):
        said = re.search(r"In an empty directory this prints\n`(.*)`", README)[1]
        with tempfile.TemporaryDirectory() as directory:
            done = subprocess.run([os.environ["README_EXAMPLE"]], cwd=directory, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, said + "\n", ""))

    def test_the_commands_listed_are_those_that_exist(self):
        lines = part("## The command", "Every command takes").splitlines()
        first_cells = " ".join(line.split("|")[1] for line in lines if line.startswith("|"))
        listed = set(re.findall(r"`([\w-]+)[ `]", first_cells))
        told = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
        existing = {name for names in re.findall(r"^  ([\w-]+(?:, [\w-]+)*)  ", told.split("ommands:\n")[1], re.M)
                    for name in names.split(", ")}
        self.assertGreater(len(existing), 5)
        self.assertEqual(listed, existing)

    def test_no_command_is_said_to_be_missing(self):
        # All that are planned exist; those that are listed do, too.
        self.assertNotIn("not there yet", README)

    def test_the_document_shown_is_one(self):
        text = re.search(r"```json\n(.*?)```", (SOURCE / "docs/lock-format.md").read_text(), re.S)[1]
        with tempfile.TemporaryDirectory() as directory:
            document = pathlib.Path(directory, ".agentsrc.lock")
            document.write_text(text)
            done = subprocess.run([COMMAND, "show", "--json", "--document", document], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertIn("pending-recompat-check", done.stdout)

    def test_the_version_is_the_changelog_s(self):
        told = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout
        newest = re.search(r"^## \[([\d.]+)\]", (SOURCE / "CHANGELOG.md").read_text(), re.M)[1]
        self.assertEqual(told, f"agentslock {newest}\n")


class Merging(unittest.TestCase):
    """Each command of docs/merging.md, in a clone in which two branches have added a document."""

    def run_in(self, clone, command, code):
        environment = os.environ | {"PATH": f"{clone.parent / 'bin'}:{os.environ['PATH']}", "HOME": str(clone.parent),
                                    "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
                                    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        done = subprocess.run(["sh", "-c", command], cwd=clone, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def test_its_commands_do_what_it_says(self):
        page = (SOURCE / "docs/merging.md").read_text()
        commands = re.findall(r"^    ((?:agentslock|git) .*)$", page, re.M)
        codes = {"merge-driver": 0, "reconcile": 0, "resolve": 0, "diff": 2, "add": 0}
        with tempfile.TemporaryDirectory() as directory:
            top = pathlib.Path(directory)
            (top / "bin").mkdir()
            (top / "bin/agentslock").symlink_to(os.path.abspath(COMMAND))
            clone = top / "clone"
            clone.mkdir()
            self.run_in(clone, "git init -q -b main && git commit -q --allow-empty -m root", 0)
            (clone / ".agents/store").mkdir(parents=True)
            (clone / ".agents/store/kg_comp.db").write_bytes(b"")
            document = clone / ".agentsrc.lock"
            for branch in ("theirs", "ours"):
                self.run_in(clone, f"git checkout -q -b {branch} main", 0)
                document.write_text('{\n  "adapters": {\n    "%s": {}\n  },\n  "lock_version": 1\n}\n' % branch)
                self.run_in(clone, "git add .agentsrc.lock && git commit -q -m m", 0)
            self.run_in(clone, "git merge -q theirs", 1)
            merged = document.read_text()
            for command in commands:
                word = command.split()[1]
                if word == "reconcile":  # of a document that can be read
                    document.write_text("{}")
                self.run_in(clone, command, codes[word])
                if word == "reconcile":
                    document.write_text(merged)
            self.assertEqual({command.split()[1] for command in commands}, set(codes))
            self.assertIn("merge=agentslock", (clone / ".gitattributes").read_text())
            self.assertIn("theirs", document.read_text())
            self.run_in(clone, "git commit -q -m merged", 0)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
