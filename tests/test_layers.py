"""What each layer may know: read off the sources, and off the package that was installed for the consumer."""
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[1]
INSTALLED = pathlib.Path(os.environ["BUILD_DIRECTORY"]) / "consumer/prefix"
COMPILER = os.environ["COMPILER"]


def includes(directory, pattern="*"):
    """What the sources of a directory include, as (file, header)."""
    found = [(path, header) for path in sorted((SOURCE / directory).rglob(pattern)) if path.suffix in (".hpp", ".cpp")
             for header in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.M)]
    assert found, directory
    return found


class Layers(unittest.TestCase):
    def test_the_kernel_includes_itself_and_the_standard_library(self):
        for path, header in includes("kernel/include") + includes("kernel/src"):
            own = header.startswith("agentslock/kernel/") or (path.parent / header).exists()
            # GCC's library has what a point in time needs in a header of its own; <chrono> is taken where that is not.
            self.assertTrue(own or re.fullmatch(r"[a-z_]+|bits/chrono.h", header), f"{path} includes {header}")

    def test_the_kernel_reads_no_clock_file_or_environment(self):
        forbidden = {"fstream", "cstdio", "iostream", "filesystem", "thread", "mutex", "cstdlib", "ctime"}
        for path, header in includes("kernel/include") + includes("kernel/src"):
            self.assertNotIn(header, forbidden, path)
        for path in (SOURCE / "kernel").glob("*/**/*.[hc]pp"):
            if "tests" not in path.parts:
                self.assertNotRegex(path.read_text(), r"_clock::now\(|getenv", path)

    def test_no_bug_and_no_switch_of_a_test_stands_in_the_product(self):
        for directory in ("kernel", "io", "cli"):
            for path in (SOURCE / directory).rglob("*.[hc]pp"):
                if "tests" not in path.relative_to(SOURCE).parts:
                    self.assertNotRegex(path.read_text(), r"mutant::|mutant[.]hpp|is_on\(|has_bug|TEST_SWITCH", path)

    def test_no_two_headers_define_a_type_of_one_name(self):
        # Two in one namespace would be undefined behaviour that no compiler sees until both meet in one file.
        seen = {}
        for path in sorted([*(SOURCE / "kernel").rglob("*.hpp"), *(SOURCE / "io").rglob("*.hpp")]):
            if "tests" in path.relative_to(SOURCE).parts:
                continue
            for name in re.findall(r"^(?:class|struct|enum(?: class)?) (\w+)(?!\w|::)[^;(]*\{", path.read_text(), re.M):
                self.assertNotIn(name, seen, f"{path} and {seen.get(name)}")
                seen[name] = path
        self.assertGreater(len(seen), 100)

    def test_each_public_header_says_that_what_it_declares_is_visible(self):
        # A shared library hides the rest; tests/consumer/ways.py asks the libraries.
        marked = re.compile(r"^#pragma GCC visibility push\(default\)\nnamespace agentslock(?:::\w+)* \{\n"
                            r"(?:.*\n)*\}  // namespace agentslock(?:::\w+)*\n#pragma GCC visibility pop$", re.M)
        for layer in ("kernel", "io"):
            for path in (SOURCE / layer / "include").rglob("*.hpp"):
                declares = "namespace agentslock" in path.read_text()
                self.assertEqual(len(marked.findall(path.read_text())), int(declares), path)

    def test_no_library_knows_the_command(self):
        for path, header in includes("kernel") + includes("io"):
            self.assertNotRegex(header, r"cli/|CLI|fmt/", path)


# The headers by which a program comes to this library, and for what. What none of them includes is no program's business, and
# lies in detail/.
DOORS = {
    "kernel/lockfile.hpp": "the document's section as a value, without files",
    "kernel/query_gate.hpp": "may this view be queried",
    "kernel/waiting.hpp": "what a view waits for, and which can be rebuilt",
    "kernel/operation.hpp": "the operations as values, for scripts",
    "kernel/merge.hpp": "two lockfiles that come from one",
    "io/lockfile_store.hpp": "a document that is read and written",
    "io/cached_lockfile.hpp": "the gate before every query",
    "io/reconcile_document.hpp": "the pass",
    "io/validate_document.hpp": "the verdicts that are due",
    "io/rebuild_document.hpp": "the builds that are possible",
    "io/cutover_document.hpp": "another schema of an adapter",
    "io/recover_document.hpp": "what a backend does when it starts",
    "io/merge_document.hpp": "three documents, as git has them",
    "io/digest.hpp": "the digests of an adapter's source and schema",
    "io/sqlite_presence.hpp": "views in SQLite",
    "io/sqlite_listing.hpp": "what no entry records, in SQLite",
    "io/postgres_presence.hpp": "views in PostgreSQL",
    "io/postgres_listing.hpp": "what no entry records, in PostgreSQL",
    "io/postgres_documents.hpp": "documents in PostgreSQL",
    "io/etcd_documents.hpp": "documents in etcd",
    "io/postgres_moment.hpp": "a document and its views at one moment",
}


class Headers(unittest.TestCase):
    def test_a_public_header_is_one_that_a_program_needs_or_is_included_by_such(self):
        roots = [SOURCE / "kernel/include/agentslock", SOURCE / "io/include/agentslock"]
        public = {str(path.relative_to(root)): path for root in roots for path in root.rglob("*.hpp")}
        needed, following = set(), list(DOORS)
        while following:
            header = following.pop()
            if header not in needed:
                needed.add(header)
                following += re.findall(r'^#include "agentslock/([^"]+)"', public[header].read_text(), re.M)
        self.assertEqual({header for header in public if "/detail/" not in header}, {one for one in needed if "/detail/" not in one})


class Rooms(unittest.TestCase):
    """The build keeps the private headers of the rooms of io/ apart; the public ones lie in one directory, and are kept
    apart here, by the same declarations."""

    def setUp(self):
        declared = re.findall(r"^agentslock_room\((\w+)\s+(?:USES ([\w ]+?)\s+)?SOURCES",
                              (SOURCE / "io/CMakeLists.txt").read_text(), re.M)
        self.uses = {room: set(used.split()) for room, used in declared}
        of_io = set(self.uses)
        self.uses |= {"presence/sqlite": of_io, "postgres": {"base"},
                      "presence/postgres": of_io | {"postgres"}, "store/postgres": of_io | {"postgres"},
                      "pass/postgres": of_io | {"postgres", "presence/postgres", "store/postgres"},
                      "etcd": {"base"}, "store/etcd": of_io | {"etcd"}}
        files = [path for room in self.uses for path in (SOURCE / "io" / room).glob("*.[hc]pp")]
        self.room_of = {path: str(path.parent.relative_to(SOURCE / "io")) for path in files}
        self.room_of |= {path: "store" for path in (SOURCE / "io/store/file").glob("*.[hc]pp")}
        named = {path.stem: room for path, room in self.room_of.items()}
        # Those whose sources have other names.
        named |= {"file_system": "system", "host": "system", "adapters_codec": "document", "named_view": "base",
                  "postgres_limits": "postgres", "text_arrival": "base", "store_listing": "presence", "view_facts": "program"}
        public = sorted((SOURCE / "io/include").rglob("*.hpp"))
        self.room_of |= {path: named[path.stem] for path in public}

    def test_each_room_sees_the_rooms_that_it_uses_and_those_below_them(self):
        def below(room):
            return {room}.union(*(below(used) for used in self.uses[room]))
        by_name = {path.name: room for path, room in self.room_of.items()}
        for path, room in self.room_of.items():
            for header in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
                if not header.startswith("agentslock/kernel/"):
                    self.assertIn(by_name[header.rsplit("/", 1)[-1]], below(room), f"{path} includes {header}")

    def test_no_room_knows_a_database_but_those_that_read_one(self):
        for path, room in self.room_of.items():
            text = path.read_text()
            self.assertTrue(room == "presence/sqlite" or "#include <sqlite3" not in text, path)
            self.assertTrue("postgres" in room or "#include <libpq" not in text, path)
            self.assertTrue("postgres" in room or '#include "postgres_' not in text, path)
            self.assertTrue(room == "etcd" or "#include <curl" not in text, path)
            self.assertTrue("etcd" in room or '#include "etcd_' not in text, path)


class Package(unittest.TestCase):
    def test_a_program_with_the_kernel_alone_reads_no_header_of_another_library(self):
        program = SOURCE / "tests/consumer/kernel_only.cpp"
        call = [COMPILER, "-std=c++20", "-M", f"-I{INSTALLED}/include", program]
        read = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
        ours = [path for path in read if "agentslock/" in path and path.endswith(".hpp")]
        installed = {str(path) for path in (INSTALLED / "include/agentslock/kernel").rglob("*.hpp")}
        self.assertEqual(set(ours), installed)
        for path in read:
            self.assertNotRegex(path, "/boost/|/openssl/|/sqlite3|agentslock/io/")

    def test_what_outlives_what_it_borrows_from_is_warned_of_where_the_compiler_knows_how(self):
        about = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout
        flags = ["-std=c++20", "-fsyntax-only", f"-I{INSTALLED}/include", "-Wall", "-Wextra", "-Werror"]
        head = "#include <agentslock/kernel/query_gate.hpp>\n#include <agentslock/kernel/waiting.hpp>\n" \
               "using namespace agentslock;\nlockfile made();\nstd::size_t f() {\n"
        borrowing = ["auto* entry = made().find_adapter(\"crg\"); return entry->views.size();",
                     "auto& all = made().adapters(); return all.size();",
                     "auto* entry = made().find_view({\"comp\", \"v\"}); return entry->depends_on.size();",
                     "const waiting waits(made()); return waits.of({\"comp\", \"v\"}).size();"]
        for body in borrowing:
            call = [COMPILER, *flags, "-x", "c++", "-"]
            done = subprocess.run(call, input=head + body + "}\n", capture_output=True, text=True)
            if "clang" in about:
                self.assertIn("-Wdangling", done.stderr, body)
            else:
                self.assertEqual((done.returncode, done.stderr), (0, ""), body)

    def test_the_exported_kernel_asks_for_nothing(self):
        block = r"set_target_properties\(agentslock::(\w+) PROPERTIES\n(.*?)\n\)"
        blocks = {}
        for targets in INSTALLED.glob("lib/**/agentslock-*-targets.cmake"):
            blocks |= re.findall(block, targets.read_text(), re.S)
        self.assertEqual(set(blocks), {"kernel", "io", "sqlite", "c", "postgres", "etcd", "kernel_laws", "laws"})
        self.assertEqual([name for name, block in blocks.items() if "PostgreSQL::" in block], ["postgres"])
        self.assertEqual([name for name, block in blocks.items() if "CURL::" in block], ["etcd"])
        self.assertNotIn("INTERFACE_LINK_LIBRARIES", blocks["kernel"])
        self.assertIn("agentslock::kernel", blocks["io"])

    def test_each_public_header_is_installed(self):
        for layer in ("kernel", "io"):
            def headers(root):
                return {str(path.relative_to(root)) for path in root.rglob("*.hpp")}
            here = headers(SOURCE / layer / "include/agentslock" / layer)
            self.assertEqual(here, headers(INSTALLED / "include/agentslock" / layer))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
