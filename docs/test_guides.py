"""What the guides tell people to run is run: each command of docs/ci.md, docs/agents.md and docs/editors.md, as it stands there."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import yaml

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


def steps_of(text):
    """The commands of a workflow for GitHub, or of a job for GitLab."""
    workflow = yaml.safe_load(text)
    if "jobs" in workflow:
        return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    return [line for job in workflow.values() if isinstance(job, dict) for part in ("script", "after_script") for line in job.get(part, [])]


class Ci(Guide):
    def steps(self):
        found = [step for _, text in blocks("ci.md", "yaml") for step in steps_of(text)]
        self.assertEqual(len(found), 8)
        return found + [script for _, script in blocks("ci.md", "sh")]

    def run_step(self, step):
        summary = self.directory.parent / "summary.md"
        done = self.run_script(step, GITHUB_STEP_SUMMARY=str(summary), GITHUB_WORKSPACE=str(self.directory))
        return done.returncode, done.stdout + done.stderr

    def set_up_of_git(self):
        subprocess.run(["git", "add", ".agentsrc.lock"], cwd=self.directory, env=self.environment, check=True)

    def test_each_command_says_whether_the_views_are_ready(self):
        self.set_up_of_git()
        found = subprocess.run([COMMAND, "digest", "comp", "owners", "--store", "sqlite:store"], cwd=self.directory, env=self.environment,
                               capture_output=True, text=True, check=True).stdout.strip()
        text = (self.directory / ".agentsrc.lock").read_text()
        (self.directory / ".agentsrc.lock").write_text(text.replace("sha256:1f2e", found))
        for step in self.steps():
            self.assertEqual(self.run_step(step)[0], 0, (step, self.run_step(step)))
        for status, code in (("pending-rebuild", 2), ("dsl-update-required", 3)):
            self.set_status(status)
            for step in self.steps():
                self.assertEqual(self.run_step(step)[0], code, step)
        for name in ("agentslock.md", "agentslock.sarif", "agentslock.prom", "../summary.md"):
            self.assertIn("dsl-update-required", (self.directory / name).read_text(), name)
        (self.directory / ".agentsrc.lock").write_text("{")
        for step in self.steps():
            self.assertEqual(self.run_step(step)[0], 4, step)

    def test_an_annotation_names_the_line(self):
        self.set_up_of_git()
        self.set_status("pending-rebuild")
        line = (self.directory / ".agentsrc.lock").read_text().split('"owners"')[0].count("\n") + 1
        annotated = [self.run_step(step)[1] for step in self.steps() if "github" in step]
        self.assertEqual(len(annotated), 3)
        for said in annotated:
            self.assertTrue(said.startswith(f"::error file=.agentsrc.lock,line={line},"), said)

    def test_what_the_page_says_of_formats_metrics_and_findings_exists(self):
        page = (SOURCE / "docs/ci.md").read_text()
        self.set_status("pending-rebuild")
        for name in re.findall(r"^\| `(\w+)` \| (?!`)", page, re.M):
            self.assertEqual(self.run_script(f"agentslock show --format {name}").returncode, 2, name)
        said = self.run_script("agentslock metrics").stdout
        metrics = re.findall(r"^\| `(agentslock_\w+)` \| (.*?) \|", page, re.M)
        self.assertEqual({name for name, _ in metrics}, set(re.findall(r"^# TYPE (\w+)", said, re.M)))
        for name, labels in metrics:
            self.assertEqual(re.findall(r"`(\w+)`", labels), re.findall(r"(\w+)=", re.search(rf"^{name}\{{(.*)\}}", said, re.M)[1]))


class Hook(Guide):
    def run_hook(self, *names):
        [hook] = yaml.safe_load((SOURCE / ".pre-commit-hooks.yaml").read_text())
        self.assertEqual(hook["language"], "system")
        self.hook = hook
        # As pre-commit does: the words of the entry, then the names.
        return subprocess.run([*shlex.split(hook["entry"]), *names], cwd=self.directory, env=self.environment, capture_output=True, text=True)

    def test_it_checks_and_changes_nothing(self):
        before = (self.directory / ".agentsrc.lock").stat()
        for status, code in (("ready", 0), ("pending-rebuild", 2)):
            self.set_status(status)
            before = (self.directory / ".agentsrc.lock").stat()
            done = self.run_hook(".agentsrc.lock")
            self.assertEqual(done.returncode, code, done.stderr)
            after = (self.directory / ".agentsrc.lock").stat()
            self.assertEqual((after.st_ino, after.st_mtime_ns, after.st_ctime_ns), (before.st_ino, before.st_mtime_ns, before.st_ctime_ns))
        odd = self.directory / "a b'$(x)"
        odd.mkdir()
        shutil.copy(self.directory / ".agentsrc.lock", odd)
        done = self.run_hook(".agentsrc.lock", f"{odd.name}/.agentsrc.lock")
        self.assertEqual((done.returncode, done.stdout.count("1 view: 1 pending-rebuild")), (2, 2))

    def test_pre_commit_itself_runs_it(self):
        def git(*words, cwd):
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=cwd, env=self.environment, check=True,
                           capture_output=True)

        hooks = self.directory.parent / "hooks"
        hooks.mkdir()
        shutil.copy(SOURCE / ".pre-commit-hooks.yaml", hooks)
        git("init", "-q", cwd=hooks)
        git("add", ".", cwd=hooks)
        git("commit", "-q", "-m", "hooks", cwd=hooks)
        git("tag", "v0.1.0", cwd=hooks)
        [settings] = [text for _, text in blocks("ci.md", "yaml") if "repos:" in text]
        settings = settings.replace("https://example.com/agentslock", str(hooks))
        self.assertIn(f"repo: {hooks}\n", settings)
        (self.directory / ".pre-commit-config.yaml").write_text(settings)
        for status, code, said in (("ready", 0, "Passed"), ("pending-rebuild", 1, "1 view: 1 pending-rebuild")):
            self.set_status(status)
            git("add", ".", cwd=self.directory)
            done = self.run_script("pre-commit run", PRE_COMMIT_HOME=str(self.directory.parent / "pre-commit"))
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertIn(said, done.stdout)

    def test_it_is_for_lock_documents_alone(self):
        self.run_hook(".agentsrc.lock")
        for name, takes in ((".agentsrc.lock", True), ("a/b/.agentsrc.lock", True), (".agentsrc.lock.lock", False), ("x.agentsrc.lock", False),
                            (".agentsrc_lock", False)):
            self.assertEqual(bool(re.search(self.hook["files"], name)), takes, name)
        page = dict(blocks("ci.md", "yaml"))
        named = [hook["id"] for text in page.values() for repo in yaml.safe_load(text).get("repos", []) for hook in repo["hooks"]]
        self.assertEqual(named, [self.hook["id"]])


class Agents(Guide):
    def test_each_command_answers(self):
        for line, script in blocks("agents.md", "sh"):
            done = self.run_script(script)
            self.assertEqual((done.returncode, done.stderr), (0, ""), line)
            self.assertTrue(json.loads(done.stdout)["result"]["structuredContent"]["allowed"], line)

    def test_the_server_that_is_configured_starts_and_has_the_tools_that_are_listed(self):
        page = (SOURCE / "docs/agents.md").read_text()
        for _, text in blocks("agents.md", "json"):
            for one in json.loads(text)["mcpServers"].values():
                asked = "".join(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}) + "\n" for method, params in
                                (("initialize", {"protocolVersion": "x"}), ("tools/list", {}), ("tools/call", {"name": "check"})))
                done = subprocess.run([one["command"], *one["args"]], cwd=self.directory, env=self.environment, input=asked,
                                      capture_output=True, text=True)
                hello, listed, checked = (json.loads(line)["result"] for line in done.stdout.splitlines())
                self.assertIn(f"version {hello['protocolVersion']} of the protocol", page)
                self.assertEqual([tool["name"] for tool in listed["tools"]], re.findall(r"^\| `(\w+)` \|", page, re.M))
                self.assertFalse(checked["isError"])


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
# SPDX-License-Identifier: Apache-2.0
