"""--format: what reconcile --check, show and sweep list for CI, with places, as those who read it read it."""
import collections
import html.parser
import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest
import urllib.parse

import jsonschema

import situations
from support import DOCUMENT, CommandTest, lockfile, many_views, view

NPM = pathlib.Path(os.environ["AGENTSLOCK_NPM"]) / "node_modules"
SARIF = jsonschema.Draft4Validator(json.loads(
    next((NPM / "@microsoft/jest-sarif/lib/schemas").glob("sarif-2.1.0*.json")).read_text()))
FORMATS = ("github", "sarif", "markdown")
LOOKING = re.compile(r"(show|reconcile .*--check)\b")

# Names that mean something to one format or another, hide something, or look like another name.
ODD_NAMES = ["a:b", "a,b", "100%", "%0A", "sp ace", " lead", "日本語", "é\u0301", "tab\tnl\ncr\r", "\u202egnp\u2066", "pi|pe", "<script>x</script>",
             "`code`", "@user", "#1", "[l](http://x)", "back\\slash", "\\x0a", "https://x.y", "www.x.y", "**b** _i_ ~~s~~", "", ":smile:", "&amp;",
             "::error::x", "\x1b[31m", "\u00a0", "😀", "-->", "]]>", "</code>", "a/b", '"', "'", "\\|", "##[error]x", "::stop-commands::x"]

Finding = collections.namedtuple("Finding", "level rule path line column end_column message")


def printable(text):
    """As the terminal's tests say it: what hides or reorders text is escaped, and nothing else."""
    hidden = re.compile(r"[\u0080-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
    text = re.sub(r"[\x00-\x1f\x7f]", lambda c: f"\\x{ord(c[0]):02x}", text.replace("\\", "\\\\"))
    return hidden.sub(lambda c: f"\\u{ord(c[0]):04x}", text)


def read_github(text):
    """The findings, by the rules of the runner that reads such lines."""
    def unescaped(part):
        return re.sub(r"%(0D|0A|3A|2C|25)", lambda code: chr(int(code[1], 16)), part)
    found = []
    for line in text.split("\n")[:-1]:
        level, properties, message = re.fullmatch(r"::(error|notice) ([^:]*)::(.*)", line).groups()
        read = dict(one.split("=", 1) for one in properties.split(","))
        read = {name: unescaped(value) for name, value in read.items()}
        found.append(Finding({"error": "error", "notice": "note"}[level], read["title"].removeprefix("agentslock: "), read["file"],
                             *(int(read[name]) if name in read else None for name in ("line", "col", "endColumn")), unescaped(message)))
    return found


def read_sarif(text):
    log = json.loads(text)
    SARIF.validate(log)
    [run] = log["runs"]
    found = []
    for one in run["results"]:
        rule = run["tool"]["driver"]["rules"][one["ruleIndex"]]
        assert rule["id"] == one["ruleId"] and rule["defaultConfiguration"]["level"] == one["level"]
        [location] = one["locations"]
        at, region = location["physicalLocation"]["artifactLocation"], location["physicalLocation"]["region"]
        path = urllib.parse.unquote(at["uri"].removeprefix("file://"), errors="surrogateescape")
        assert at["uri"].startswith("file:///") != ("uriBaseId" in at)
        assert urllib.parse.urlsplit(at["uri"]).scheme in ("", "file")
        column = region.get("startColumn")
        found.append(Finding(one["level"], one["ruleId"], path, region["startLine"] if column else None, column,
                             region.get("endColumn"), one["message"]["text"]))
    return found


class Table(html.parser.HTMLParser):
    """The cells of a table, and every tag and link that is in it."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.tags = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def read_markdown(text):
    """The rows of the table, as the reference implementation of GitHub's Markdown reads it."""
    extensions = [word for name in ("table", "autolink", "strikethrough", "tagfilter") for word in ("-e", name)]
    page = subprocess.run(["cmark-gfm", "--unsafe", *extensions], input=text.encode(), capture_output=True, check=True).stdout.decode()
    if "</table>" not in page:
        assert re.fullmatch(r"<h3>agentslock</h3>\n<p>\d+ documents?, nothing found.</p>\n", page), page
        return []
    table = Table(page[:page.find("</table>")])
    assert table.tags <= {"h3", "table", "thead", "tbody", "tr", "th", "td", "code"}, table.tags
    return [tuple(row) for row in table.rows[1:]]


def text_at(text, one):
    return text.split("\n")[one.line - 1][one.column - 1:one.end_column - 1]


class Formats(CommandTest):
    def said(self, code, *arguments, **how):
        done = self.run_command(*arguments, **how)
        self.assertEqual(done.returncode, code, (arguments, done.stderr))
        return done.stdout.decode(errors="surrogateescape")

    def test_a_finding_of_failure_is_listed_exactly_when_the_exit_status_is_not_0(self):
        looked = [one for one in situations.SITUATIONS
                  if LOOKING.match(one.command) and not re.search("--html|extra|--validator|--dry-run", one.command)]
        self.assertGreater(len(looked), 18)
        root, codes = self.directory, set()
        for number, situation in enumerate(looked):
            with self.subTest(str(situation)):
                self.directory = root / str(number)
                (self.directory / ".git").mkdir(parents=True)
                gate = situation.prepare(self)
                command = shlex.split(situation.command)
                github = read_github(self.said(situation.code, *command, "--format", "github"))
                sarif = read_sarif(self.said(situation.code, *command, "--format", "sarif"))
                rows = read_markdown(self.said(situation.code, *command, "--format", "markdown"))
                os.close(gate)
                self.assertEqual(any(one.level == "error" for one in github), situation.code != 0)
                self.assertEqual(github, sarif)
                self.assertEqual([row[2] for row in rows], [one.rule for one in github])
                codes.add(situation.code)
        self.assertEqual(codes, {0, 1, 2, 3, 4})

    def test_each_view_that_is_not_ready_is_found_with_its_place(self):
        text = json.dumps(lockfile(crg={}, comp={
            "fine": view("ready", situations.DIGEST), "gone": view("ready", "d"), "odd": view("Ready"), "none": view(""),
            "missed": view("ready", "d", depends_on=[{"adapter": "crg", "schema_digest": "sha256:old", "version": ""}]),
            "judged": view("pending-recompat-check"), "built": view("pending-rebuild"), "shut": view("dsl-update-required"),
            "ghostly": view("pending-rebuild", depends_on=[{"adapter": "ghost", "schema_digest": "g", "version": ""}])}), indent=1)
        self.write(DOCUMENT, text)
        self.database("comp", "create table fine(a INTEGER)")
        checked = read_github(self.said(3, "reconcile", "--check", "--store", "sqlite:store", "--format", "github"))
        self.assertEqual([(text_at(text, one), one.rule, one.level) for one in checked], [
            ('"built"', "pending-rebuild", "error"), ('"ghostly"', "pending-rebuild", "error"),
            ('"ghostly"', "dependee-not-in-document", "note"), ('"gone"', "view-tables-absent", "error"),
            ('"judged"', "pending-recompat-check", "error"), ('"missed"', "dependee-schema-changed", "error"),
            ('"none"', "invalid-view-status", "error"), ('"odd"', "invalid-view-status", "error"),
            ('"shut"', "dsl-update-required", "error")])
        self.assertEqual({one.path for one in checked}, {DOCUMENT})
        by_view = {text_at(text, one): one.message for one in checked if one.level == "error"}
        self.assertEqual(by_view['"gone"'],
                         "comp/gone says ready: view tables absent; a pass makes it pending-rebuild, and then it needs a rebuild")
        self.assertEqual(by_view['"missed"'], "comp/missed says ready: dependee schema changed: crg; a pass makes it "
                                              "pending-recompat-check, and then it needs validation against that schema")
        self.assertEqual(by_view['"shut"'], "comp/shut says dsl-update-required: its program is not valid against a schema that it "
                                            "reads; needs a changed program that passes validation")
        self.assertTrue(by_view['"none"'].startswith("comp/none says nothing: invalid view_status; a pass"))
        # Without a store, what the document alone says.
        shown = read_github(self.said(3, "show", "--format", "github"))
        self.assertEqual([one[:6] for one in shown], [one[:6] for one in checked if one.rule != "view-tables-absent"])
        [swept] = [read_github(self.said(3, "sweep", "--format", "github", input=DOCUMENT.encode()))]
        self.assertEqual([one[:6] for one in swept], [one[:6] for one in shown])
        # One adapter alone.
        self.assertEqual(read_github(self.said(0, "show", "--adapter", "crg", "--format", "github")), [])

    def test_every_digest_that_differs_is_a_note_about_the_adapter(self):
        self.write(DOCUMENT, situations.READY)
        self.database("comp", situations.DIFFERENT)
        found = read_sarif(self.said(2, "reconcile", "--check", "--store", "sqlite:store", "--format", "sarif"))
        self.assertEqual([(one.rule, one.level, text_at(json.dumps(situations.READY), one)) for one in found],
                         [("every-digest-differs", "note", '"comp"'), ("view-digest-mismatch", "error", '"v"')])

    def test_names_of_any_kind_arrive_in_every_format(self):
        content = lockfile(**{name: {other: view("pending-rebuild") for other in ODD_NAMES} for name in ODD_NAMES[:8] + [""]})
        for text in (json.dumps(content), json.dumps(content, indent=2, ensure_ascii=False), json.dumps(content, ensure_ascii=False)):
            self.write(DOCUMENT, text)
            expected = sorted(((a, v) for a, views in content["adapters"].items() for v in views["materialized_views"]),
                              key=lambda key: (key[0].encode(), key[1].encode()))
            for read in (read_github(self.said(2, "show", "--format", "github")), read_sarif(self.said(2, "show", "--format", "sarif"))):
                self.assertEqual([json.loads(text_at(text, one)) for one in read], [name for _, name in expected])
                for (adapter, name), one in zip(expected, read):
                    self.assertTrue(one.message.startswith(f"{printable(adapter)}/{printable(name)} says pending-rebuild: "), one)
            rows = read_markdown(self.said(2, "show", "--format", "markdown"))
            self.assertEqual([row[1] for row in rows], [f"{printable(a)}/{printable(v)}".strip("\n") for a, v in expected])

    def test_dependees_and_texts_of_any_kind_are_quoted(self):
        for name in ODD_NAMES[:-1]:
            if not name:
                continue
            self.write(DOCUMENT, lockfile(comp={"v": view(name, depends_on=[{"adapter": name, "schema_digest": "", "version": ""}])}))
            message = [f"comp/v says {printable(name)}: its recorded status is none of the four; needs reconciliation, then a rebuild",
                       f"comp/v reads from {printable(name)}, which is not in this document: nobody can say whether its schema changed"]
            for read in (read_github, read_sarif):
                self.assertEqual([one.message for one in read(self.said(2, "show", "--format", read.__name__[5:]))], message)
            rows = read_markdown(self.said(2, "show", "--format", "markdown"))
            self.assertEqual(["comp/v " + row[3] for row in rows], message)

    def test_paths_of_any_kind_arrive(self):
        names = [b"a:b", b"a,b", b"100%", b"%0A", b"sp ace", "日本 \u202e".encode(), b"nl\nx", b"q?x#y", b"a|b", b"no\xfftext", b"[x](y)", b"&amp;"]
        for name in names:
            directory = self.directory / os.fsdecode(name)
            directory.mkdir()
            path = os.path.relpath(self.write(f"{os.fsdecode(name)}/lock", situations.PENDING), self.directory)
            [one] = read_sarif(self.said(2, "show", "--document", path, "--format", "sarif"))
            self.assertEqual(os.fsencode(one.path), name + b"/lock")
            [one] = read_github(self.said(2, "show", "--document", path, "--format", "github"))
            self.assertEqual(one.path, (name + b"/lock").decode(errors="replace"))
            [row] = read_markdown(self.said(2, "show", "--document", path, "--format", "markdown"))
            if b"\xff" not in name:
                self.assertEqual(row[0], printable(name.decode()) + "/lock:1")

    def test_paths_are_those_from_the_project_s_root(self):
        inner = self.directory / "a b/c"
        inner.mkdir(parents=True)
        self.write(f"a b/{DOCUMENT}", situations.PENDING)
        whole = str(self.directory / "a b" / DOCUMENT)
        for expected, environment in ((whole, {}), (f"a b/{DOCUMENT}", {"GITHUB_WORKSPACE": str(self.directory)}),
                                      (f"a b/{DOCUMENT}", {"CI_PROJECT_DIR": f"{self.directory}/x/../"}),
                                      (whole, {"GITHUB_WORKSPACE": "/nowhere"}), (whole, {"GITHUB_WORKSPACE": "relative"})):
            for read in (read_github, read_sarif):
                [one] = read(self.said(2, "show", "--format", read.__name__[5:], directory=inner, environment=environment))
                self.assertEqual(one.path, expected, environment)

    def test_a_failure_is_a_finding_and_said_on_standard_error_too(self):
        self.write(DOCUMENT, '{\n  "adapters": {"é": 1}\n}')
        for name in FORMATS:
            done = self.run_command("show", "--format", name)
            self.assertEqual((done.returncode, done.stderr.decode()),
                             (4, f"agentslock: {DOCUMENT}:2:21: /adapters/é must be an object and is a number\n"))
            if name != "markdown":
                [one] = {"github": read_github, "sarif": read_sarif}[name](done.stdout.decode())
                self.assertEqual(one[:5], ("error", "could-not-verify", DOCUMENT, 2, 21))
        log = json.loads(self.said(4, "show", "--format", "sarif", "--document", "missing"))
        self.assertEqual(log["runs"][0]["invocations"], [{"executionSuccessful": False, "exitCode": 4}])
        self.write(DOCUMENT, situations.READY)
        self.assertEqual(json.loads(self.said(0, "show", "--format", "sarif"))["runs"][0]["invocations"],
                         [{"executionSuccessful": True, "exitCode": 0}])

    def test_the_check_against_the_schema_can_fail(self):
        self.write(DOCUMENT, situations.PENDING)
        log = json.loads(self.said(2, "show", "--format", "sarif"))
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
        self.assertFalse(SARIF.is_valid(log))

    def test_a_finding_keeps_its_fingerprint_when_its_entry_moves(self):
        def prints():
            results = json.loads(self.said(2, "show", "--format", "sarif"))["runs"][0]["results"]
            return [one["partialFingerprints"]["agentslockEntry/v1"] for one in results]
        content = lockfile(a={"b/c": view("pending-rebuild")}, **{"a/b": {"c": view("pending-rebuild")}})
        self.write(DOCUMENT, json.dumps(content))
        before = prints()
        self.assertEqual(len(set(before)), 2)  # both are shown as a/b/c
        self.write(DOCUMENT, json.dumps({"x": [1] * 9, **content}, indent=3))
        self.assertEqual(prints(), before)

    def test_json_is_what_json_prints_and_text_is_the_default(self):
        self.write(DOCUMENT, situations.PENDING)
        for command in (["show"], ["reconcile", "--check", "--store", "sqlite:store"], ["show", "--document", "missing"]):
            for form, same in (("json", ["--json"]), ("text", [])):
                a, b = self.run_command(*command, "--format", form), self.run_command(*command, *same)
                self.assertEqual((a.returncode, a.stdout, a.stderr), (b.returncode, b.stdout, b.stderr))
        for words in (["--format", "json", "--dance"], ["--format=json", "--dance"]):
            self.assertEqual(json.loads(self.said(1, "show", *words))["error"]["code"], "invalid_argument")

    def test_what_can_t_be_is_refused(self):
        self.write(DOCUMENT, situations.PENDING)
        before = (self.directory / DOCUMENT).read_bytes()
        for command in ("show --format svg", "show --format github --json", "show --format github --html page", "explain comp --format github",
                        "reconcile --store sqlite:store --format sarif", "reconcile --validator true --dry-run --store sqlite:s --format github"):
            self.assertEqual(self.run_command(*command.split()).returncode, 1, command)
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)

    def test_a_sweep_joins_its_documents(self):
        self.write("one", situations.PENDING)
        self.write("two", situations.READY)
        self.write("three", situations.BLOCKED_TOO)
        paths = b"one\ntwo\nmissing\nthree\n" * 30
        github = read_github(self.said(4, "sweep", "--format", "github", input=paths))
        self.assertEqual([(one.path, one.rule) for one in github],
                         [("one", "pending-rebuild"), ("missing", "could-not-verify"), ("three", "dsl-update-required")] * 30)
        text = self.said(4, "sweep", "--format", "sarif", input=paths)
        self.assertEqual(read_sarif(text), github)
        self.assertEqual(json.loads(text)["runs"][0]["invocations"], [{"executionSuccessful": False, "exitCode": 4}])
        text = self.said(4, "sweep", "--format", "markdown", input=paths)
        self.assertEqual([(row[0], row[2]) for row in read_markdown(text)],
                         [(one.path + (f":{one.line}" if one.line else ""), one.rule) for one in github])
        self.assertTrue(text.endswith("\n120 documents, 90 not in order, 90 findings.\n"))
        lines = self.said(4, "sweep", "--format", "text", input=paths).splitlines()[:7]
        self.assertEqual([re.sub(r":1:\d+:", ":1:N:", line) for line in lines], [
            "one: 1 view: 1 pending-rebuild",
            "one:1:N: error: comp/v says pending-rebuild: its tables are not what was recorded, or out of date; needs a rebuild",
            "two: 1 view: 1 ready", "missing: there is no document missing", "three: 2 views: 1 ready, 1 dsl-update-required",
            "three:1:N: error: comp/w says dsl-update-required: its program is not valid against a schema that it reads; needs a changed "
            "program that passes validation", "one: 1 view: 1 pending-rebuild"])
        for form, empty in (("github", ""), ("text", ""), ("markdown", "### agentslock\n\n0 documents, nothing found.\n")):
            self.assertEqual(self.said(0, "sweep", "--format", form, input=b""), empty)
        self.assertEqual(read_sarif(self.said(0, "sweep", "--format", "sarif", input=b"")), [])
        self.assertEqual(self.said(4, "sweep", "--format", "json", input=paths), self.said(4, "sweep", input=paths))

    def test_many_views_on_one_line_all_have_their_place(self):
        text = json.dumps(many_views(20_000, status="pending-rebuild"))
        self.write(DOCUMENT, text)
        found = read_github(self.said(2, "show", "--format", "github"))
        self.assertEqual({one.line for one in found}, {1})
        self.assertEqual(sorted(json.loads(text[one.column - 1:one.end_column - 1]) for one in found), sorted(f"v{i}" for i in range(20_000)))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
