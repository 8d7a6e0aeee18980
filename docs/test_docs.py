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
    def test_links_lead_to_files(self):
        links = [(page, link) for page in PAGES
                 for link in re.findall(r"\]\(([^)#]+)[^)]*\)", re.sub(r"```.*?```", "", page.read_text(), flags=re.S))
                 if "://" not in link]
        self.assertGreater(len(links), 10)
        for page, link in links:
            self.assertTrue((page.parent / link).exists(), f"{page}: {link}")

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
        listed = set(re.findall(r"`(\w+)[ `]", first_cells))
        told = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
        existing = {name for names in re.findall(r"^  (\w+(?:, \w+)*)  ", told.split("ommands:\n")[1], re.M)
                    for name in names.split(", ")}
        self.assertGreater(len(existing), 5)
        self.assertEqual(listed, existing)

    def test_the_commands_said_to_be_missing_are(self):
        missing = re.findall(r"`(\w+)`", part("these are not there yet", "A cutover"))
        self.assertGreater(len(missing), 1)
        for name in missing:
            done = subprocess.run([COMMAND, name], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(name, done.stderr)

    def test_the_version_is_the_changelog_s(self):
        told = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout
        newest = re.search(r"^## \[([\d.]+)\]", (SOURCE / "CHANGELOG.md").read_text(), re.M)[1]
        self.assertEqual(told, f"agentslock {newest}\n")


if __name__ == "__main__":
    unittest.main()
