"""show: what a person sees of a document."""
import datetime
import re
import unicodedata
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, view


def log(hours, trigger):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours, minutes=5)
    return {"state_history": [{"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": "ready", "trigger": trigger}]}


def columns(text):
    """How many columns of a terminal a text takes, colour aside."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in re.sub("\x1b\\[[0-9]*m", "", text))


NAMES = ("owners", "所有者", "소유자", "🦊🐻", "e\u0301te\u0301", "ｆｕｌｌ", "a_name_that_is_longer_than_a_narrow_terminal_is_wide")
WIDE = lockfile(comp={name: view("pending-rebuild", "d", **log(2, "recompat-pass")) for name in NAMES}
                | {"summary": view("dsl-update-required", "d", **log(72, "recompat-fail"))}, 所有={"v": view("ready", "d")}, crg={})


class Width(CommandTest):
    def test_nothing_is_wider_than_the_terminal_and_nothing_is_left_out(self):
        self.write(DOCUMENT, WIDE)
        self.database("comp", "create table t(a)")
        for command in (("show",), ("reconcile", "--check", "--store", "sqlite:store")):
            whole = self.on_terminal(*command)
            for width in (120, 80, 40):
                for environment in ({}, {"NO_COLOR": "1"}):
                    sent = self.on_terminal(*command, columns=width, environment=environment)
                    table = sent.split("\nafter a pass:")[0]
                    self.assertLessEqual(max(map(columns, table.splitlines())), width, table)
                    squeeze = lambda text: re.sub("\x1b\\[[0-9]*m|\\s", "", text)
                    self.assertEqual(squeeze(sent), squeeze(whole))

    def test_eighty_columns_take_a_usual_row_whole_and_forty_on_a_few_lines(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("pending-rebuild", "d", **log(2, "recompat-pass"))}, crg={}))
        self.assertEqual(self.on_terminal("show", columns=80, environment={"NO_COLOR": "1"}), """\
.agentsrc.lock: 2 adapters, 1 view: 1 pending-rebuild
  comp  owners    … pending-rebuild  2 h ago  recompat-pass  needs a rebuild
  crg   no views
""")
        self.assertEqual(self.on_terminal("show", columns=40, environment={"NO_COLOR": "1"}), """\
.agentsrc.lock: 2 adapters, 1 view:
  1 pending-rebuild
  comp  owners    … pending-rebuild
      2 h ago  recompat-pass
      needs a rebuild
  crg   no views
""")

    def test_a_column_begins_at_one_place_whatever_the_names_are_written_in(self):
        self.write(DOCUMENT, WIDE)
        lines = [line for line in self.expect(3, "show").splitlines()[1:] if "pending" in line and "longer" not in line]
        self.assertEqual(len(lines), len(NAMES) - 1)
        self.assertEqual({columns(line[:line.index("…")]) for line in lines}, {len("  comp  ") + len("owners") + len("    ")})

    def test_a_pipe_is_as_wide_as_the_text(self):
        self.write(DOCUMENT, WIDE)
        self.assertEqual(len(self.expect(3, "show").splitlines()), 11)

    def test_a_name_as_long_as_a_document_takes_no_longer_for_being_broken(self):
        self.write(DOCUMENT, lockfile(**{"z" * 3_000_000: {"v": view("ready", "d")}}))
        self.assertEqual(self.on_terminal("show", columns=80).count("z"), 3_000_000)


class Locale(CommandTest):
    def test_without_utf_8_all_is_ascii_and_columns_still_align(self):
        self.write(DOCUMENT, WIDE)
        self.write("other", lockfile())
        for variables in ({"LC_ALL": "C"}, {"LC_ALL": "", "LC_CTYPE": "POSIX"}, {"LC_ALL": "no_SUCH.UTF-8"}):
            for command in (("show",), ("explain", "comp"), ("reconcile", "--check", "--store", "sqlite:."), ("show", "--adapter", "所"),
                            ("diff", "other", DOCUMENT)):
                done = self.run_command(*command, environment=variables)
                (done.stdout + done.stderr).decode("ascii")
        text = self.expect(3, "show", environment={"LC_ALL": "C"})
        self.assertIn("  comp          \\u6240\\u6709\\u8005        ~ pending-rebuild", text)
        self.assertIn("x dsl-update-required", text)
        self.assertIn("+ ready", text)
        self.assertEqual(len({line.index("~") for line in text.splitlines() if "~" in line and "longer" not in line}), 1)

    def test_what_programs_read_is_the_same_everywhere(self):
        self.write(DOCUMENT, WIDE)
        for command in (("show", "--json"), ("graph",), ("graph", "--form", "mermaid")):
            self.assertEqual(self.run_command(*command, environment={"LC_ALL": "C"}).stdout, self.run_command(*command).stdout)
        page = lambda **how: re.sub("as of [^:]*:..:..Z", "", self.expect(3, "show", "--html", "-", **how))
        self.assertEqual(page(environment={"LC_ALL": "C"}), page())


class Show(CommandTest):
    def test_counts_stand_in_the_head_and_times_are_relative(self):
        self.write(DOCUMENT, lockfile(comp={"所有者": view("ready", "d", **log(2, "registered")),
                                            "paths": view("pending-rebuild", "d", **log(72, "recompat-pass")),
                                            "x": view("ready", "d")}, crg={}))
        self.assertEqual(self.expect(2, "show"), """\
.agentsrc.lock: 2 adapters, 3 views: 2 ready, 1 pending-rebuild
  comp  paths     … pending-rebuild  3 d ago  recompat-pass  needs a rebuild
  comp  x         ✓ ready
  comp  所有者    ✓ ready            2 h ago  registered
  crg   no views
""")
        self.assertEqual(self.expect(2, "status"), self.expect(2, "show"))

    def test_json_tells_the_time_itself(self):
        recorded = log(2, "registered")
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", "d", **recorded)}))
        [one] = self.json_of(0, "show")["adapters"][0]["views"]
        self.assertEqual(one["since"], recorded["state_history"][0]["at"])

    def test_documents_without_anything(self):
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(0, "show"), ".agentsrc.lock: 0 adapters, no views\n")

    def test_ten_thousand(self):
        self.write(DOCUMENT, many_views())
        text = self.expect(0, "show")
        self.assertTrue(text.startswith(".agentsrc.lock: 2 adapters, 10000 views: 10000 ready\n"))
        self.assertEqual(text.count("\n"), 10_002)
        self.assertIn("adapter cmp is not in .agentsrc.lock; did you mean comp?", self.expect(1, "show", "--adapter", "cmp"))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
