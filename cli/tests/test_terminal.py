"""What a terminal is sent: colour where it is wanted, and never a name's control characters."""
import json
import shlex
import unittest

from support import COMMAND, DOCUMENT, CommandTest, lockfile, view

ESCAPE = "\x1b"
# A name that would clear the screen, one that would turn the text around, one that would fake a second line.
EVIL = ["a\x1b[2Jb", "a\u202eb", "a\nb", "a\u009b2Jb", "a\x7fb", "a\u2066b", "a\u200bb", "a\u00adb", "a\ufe0fb", "a\u034fb",
        "a\u115fb", "a\u17b4b", "a\u180eb", "a\u3164b", "a\uffa0b", "a\ufff9b", "a\u2800b", "a\ue000b", "a\U0001d173b",
        "a\U000e0041b", "a\U000e0100b"]
SHOWN = [r"a\x1b[2Jb", r"a\u202eb", r"a\x0ab", r"a\u009b2Jb", r"a\x7fb", r"a\u2066b", r"a\u200bb", r"a\u00adb", r"a\ufe0fb",
         r"a\u034fb", r"a\u115fb", r"a\u17b4b", r"a\u180eb", r"a\u3164b", r"a\uffa0b", r"a\ufff9b", r"a\u2800b", r"a\ue000b",
         r"a\U0001d173b", r"a\U000e0041b", r"a\U000e0100b"]


class Colour(CommandTest):
    def setUp(self):
        super().setUp()
        self.write(DOCUMENT, lockfile(comp={"a": view("ready", "d"), "b": view("pending-rebuild"),
                                            "c": view("dsl-update-required"), "d": view("pending-recompat-check"),
                                            "e": view("nonsense")}))

    def test_a_terminal_is_coloured_by_status(self):
        sent = self.on_terminal("show")
        for colour, word in ((32, "✓ ready"), (33, "… pending-rebuild"), (31, "✗ dsl-update-required"),
                             (34, "? pending-recompat-check"), (31, '! "nonsense"')):
            self.assertIn(f"{ESCAPE}[{colour}m{word}{ESCAPE}[0m", sent)

    def test_a_pipe_is_not(self):
        self.assertNotIn(ESCAPE, self.expect(3, "show"))

    def test_no_color_forbids_it_unless_it_is_empty(self):
        self.assertNotIn(ESCAPE, self.on_terminal("show", environment={"NO_COLOR": "1"}))
        self.assertNotIn(ESCAPE, self.on_terminal("show", environment={"NO_COLOR": "0", "CLICOLOR_FORCE": "1"}))
        self.assertIn(ESCAPE, self.on_terminal("show", environment={"NO_COLOR": ""}))

    def test_clicolor_force_asks_for_it_everywhere_unless_it_is_0(self):
        self.assertIn(ESCAPE, self.expect(3, "show", environment={"CLICOLOR_FORCE": "1"}))
        self.assertNotIn(ESCAPE, self.expect(3, "show", environment={"CLICOLOR_FORCE": "0"}))
        self.assertNotIn(ESCAPE, self.expect(3, "show", environment={"CLICOLOR_FORCE": ""}))
        self.assertNotIn(ESCAPE, self.expect(3, "show", environment={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}))

    def test_a_terminal_that_has_none_is_not_coloured(self):
        for terminal in ("dumb", ""):
            self.assertNotIn(ESCAPE, self.on_terminal("show", environment={"TERM": terminal}))
            self.assertIn(ESCAPE, self.on_terminal("show", environment={"TERM": terminal, "CLICOLOR_FORCE": "1"}))
        self.assertIn(ESCAPE, self.on_terminal("show", environment={"TERM": "vt100"}))
        # env takes it away altogether.
        self.assertNotIn(ESCAPE, self.on_terminal("-u", "TERM", COMMAND, "show", command="env"))

    def test_reconcile_is_coloured_by_the_same_rules(self):
        self.database("other", "create table v(a)")
        command = ("reconcile", "--check", "--store", "sqlite:store")
        self.assertIn(f"{ESCAPE}[33m… pending-rebuild{ESCAPE}[0m", self.on_terminal(*command))
        self.assertNotIn(ESCAPE, self.expect(3, *command))

    def test_json_never_is(self):
        self.assertNotIn(ESCAPE, self.on_terminal("show", "--json"))
        self.assertNotIn(ESCAPE, self.expect(3, "show", "--json", environment={"CLICOLOR_FORCE": "1"}))

    def test_colour_changes_nothing_else(self):
        plain = self.expect(3, "show")
        coloured = self.expect(3, "show", environment={"CLICOLOR_FORCE": "1"})
        for code in (0, 2, 31, 32, 33, 34):
            coloured = coloured.replace(f"{ESCAPE}[{code}m", "")
        self.assertEqual(coloured, plain)


class Names(CommandTest):
    def assert_harmless(self, sent):
        for character in sent:
            self.assertTrue(character == "\n" or character.isprintable(), f"{character!r} in {sent!r}")

    def test_control_characters_of_names_are_shown_as_escapes(self):
        self.write(DOCUMENT, lockfile(**{name: {name: view("ready", "d")} for name in EVIL}))
        self.database("other", "create table v(a)")
        for command in ("show", "reconcile --check --store sqlite:store", "reconcile --store sqlite:store"):
            sent = self.on_terminal(*shlex.split(command), environment={"NO_COLOR": "1"})
            self.assert_harmless(sent)
            for shown in SHOWN:
                self.assertEqual(sent.split().count(shown), 2, command)

    def test_so_are_those_of_statuses_triggers_and_digests(self):
        entry = view("re\x1bady", "d\x1b", state_history=[{"at": "\x1b", "to": "\x1b", "trigger": "\x1b"}])
        self.write(DOCUMENT, lockfile(a={"v": entry}))
        self.assert_harmless(self.on_terminal("show", environment={"NO_COLOR": "1"}))
        self.assert_harmless(self.on_terminal("activate", "a", "--schema-digest", "\x1b"))

    def test_so_are_those_of_operations_and_their_results(self):
        ops = [{"op": "activate", "name": name, "source_digest": "s", "schema_digest": "t"} for name in EVIL]
        self.write("script", {"ops": ops + [{"op": "adapter_names"}, {"op": "\x1b[2J"}, {"op": "save"}]})
        self.assert_harmless(self.on_terminal("apply", "script", "--keep-going", errors_too=True))

    def test_so_are_those_of_what_was_asked_for(self):
        self.write(DOCUMENT, lockfile(a={}))
        for evil in EVIL:
            for command in (["show", "--adapter", evil], ["show", "--document", evil], ["apply", evil], [evil],
                            ["show", evil], ["show", f"--{evil}"], ["reconcile", "--store", f"{evil}:x"],
                            ["reconcile", "--store", f"sqlite:{evil}"], ["register", evil, evil, "--store", "sqlite:."],
                            ["register", "a", "v", "--digest", "d", "--depends-on", evil]):
                self.assert_harmless(self.on_terminal(*command, errors_too=True))

    def test_so_are_bytes_that_are_no_text(self):
        # A lead byte that swallowed what follows would carry an escape through.
        for evil in (b"\xff\x1b[2J", b"\xe0\x9b\x9b", b"\xc2", b"\xc0\x9b2J", b"\x9b2J"):
            name = evil.decode(errors="surrogateescape")
            for command in (["show", "--document", name], ["apply", name], ["reconcile", "--store", f"sqlite:{name}"]):
                self.assert_harmless(self.on_terminal(*command, errors_too=True))

    def test_json_on_a_terminal_holds_no_control_character(self):
        self.write(DOCUMENT, lockfile(**{name: {name: view("pending-rebuild")} for name in EVIL}))
        (self.directory / "store").mkdir()
        for command in ("show", "reconcile --check --store sqlite:store"):
            sent = self.on_terminal(*shlex.split(command), "--json")
            self.assert_harmless(sent)
            # It means the same as where it goes to a pipe.
            self.assertEqual(json.loads(sent), self.json_of(2, *shlex.split(command)))
        for evil in EVIL:
            sent = self.on_terminal("show", "--adapter", "no" + evil, "--json")
            self.assert_harmless(sent)
            self.assertIn("no" + evil, json.loads(sent)["error"]["message"])

    def test_a_name_that_spells_an_escape_does_not_look_like_one(self):
        self.write(DOCUMENT, lockfile(**{r"a\x1b[2Jb": {}, "a\x1b[2Jb": {}, r"a\u202eb": {}, "a\u202eb": {}}))
        shown = [line.split()[0] for line in self.expect(0, "show").splitlines()[1:]]
        self.assertEqual(sorted(shown), sorted([r"a\\x1b[2Jb", r"a\x1b[2Jb", r"a\\u202eb", r"a\u202eb"]))
        self.assertIn(r"adapter b\\x1b is not in", self.expect(1, "show", "--adapter", r"b\x1b"))

    def test_long_names_make_no_text_longer_than_the_document(self):
        # Neither one beside many, nor one that many stand under, nor one that many refer to.
        long = "z" * 50_000
        self.write("beside", lockfile(**{f"a{i}": {} for i in range(2000)}, **{long: {}}))
        self.write("under", lockfile(**{long: {f"v{i}": view("unknown") for i in range(2000)}}))
        on = [{"adapter": "crg", "schema_digest": "s", "version": "1"}]
        document = lockfile(crg={}, comp={f"v{i}": view("pending-rebuild", depends_on=on) for i in range(2000)})
        document["adapters"]["crg"]["schema_digest"] = long
        self.write("referred", document)
        (self.directory / "store").mkdir()
        for name in ("beside", "under", "referred"):
            size = (self.directory / name).stat().st_size
            for command in (["show"], ["show", "--json"], ["reconcile", "--check", "--store", "sqlite:store"],
                            ["reconcile", "--check", "--store", "sqlite:store", "--json"]):
                done = self.run_command(*command, "--document", name)
                self.assertIn(done.returncode, (0, 2), (command, done.stderr[:1000]))
                self.assertLess(len(done.stdout), 10 * size + 1100 * 2000, (name, command))
        done = self.run_command("activate", "crg", "--schema-digest", "another", "--document", "referred")
        self.assertIn(b"and 1900 more", done.stderr)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
