"""What the guides tell people to run is run: each command of docs/ci.md, docs/agents.md and docs/editors.md, as it stands there."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

COMMAND = pathlib.Path(os.environ["AGENTSLOCK"])
SOURCE = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = {"lock_version": 1, "adapters": {
    "crg": {"source_digest": "sha256:0a1b", "schema_digest": "sha256:5eed", "activated_at": "2026-07-01T12:00:00Z"},
    "comp": {"source_digest": "sha256:0a1b", "schema_digest": "sha256:c0ffee", "activated_at": "2026-07-01T12:00:00Z",
             "materialized_views": {"owners": {"view_digest": "sha256:1f2e", "view_status": "ready", "depends_on": [
                 {"adapter": "crg", "schema_digest": "sha256:5eed", "version": "2.0.0"}]}}}}}


def blocks(page, language):
    """The blocks of code of a page in a language, each with its line in the page."""
    text = (SOURCE / "docs" / page).read_text()
    found = [(text[:one.start()].count("\n") + 1, one[1]) for one in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)]
    assert found, (page, language)
    return found


class Guide(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name).resolve() / "project"
        self.directory.mkdir()
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("AGENTSLOCK_", "GITHUB_", "CI_", "GIT_"))}
        self.environment |= {"PATH": f"{COMMAND.parent}:{os.environ['PATH']}", "HOME": directory.name, "LC_ALL": "C.UTF-8"}
        subprocess.run(["git", "init", "-q"], cwd=self.directory, env=self.environment, check=True)
        self.set_status("ready")
        shutil.copy(SOURCE / "schema/agentsrc-lock.schema.json", self.directory)
        (self.directory / "store").mkdir()
        subprocess.run(["sqlite3", self.directory / "store/kg_comp.db", "create table owners(a INTEGER)"], check=True)

    def set_status(self, status):
        document = json.loads(json.dumps(DOCUMENT))
        document["adapters"]["comp"]["materialized_views"]["owners"]["view_status"] = status
        (self.directory / ".agentsrc.lock").write_text(json.dumps(document, indent=2) + "\n")

    def run_script(self, script, **environment):
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=self.directory, env=self.environment | environment,
                              capture_output=True, text=True, timeout=100)


class Editors(Guide):
    def test_each_command_runs_and_sees_what_is_wrong(self):
        for line, script in blocks("editors.md", "sh"):
            done = self.run_script(script)
            self.assertEqual(done.returncode, 0, (line, done.stdout, done.stderr))
        (self.directory / ".agentsrc.lock").write_text('{"adapters": {"comp": null}}')
        for line, script in blocks("editors.md", "sh"):
            self.assertNotEqual(self.run_script(script).returncode, 0, line)

    def test_the_settings_are_json_and_name_the_schema(self):
        for _, text in blocks("editors.md", "json"):
            for one in json.loads(text)["json.schemas"]:
                self.assertTrue((self.directory / one["url"]).exists())
                self.assertEqual(one["fileMatch"], [".agentsrc.lock"])


if __name__ == "__main__":
    unittest.main()
