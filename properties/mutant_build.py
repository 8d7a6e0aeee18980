"""The programs of tests with one source or header of a build changed: a Build, for mutate.py."""
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import threading
import time

import measured

SOURCE = pathlib.Path(__file__).resolve().parent.parent
COMPILE = ("-O0", "-g0", "-w")
TREES = ("kernel", "io", "properties")  # where those lie that include a header of ours


class NotBuilt(Exception):
    """A mutant that does not compile. It is `refused` where what our own sources ask of the compiler does not hold: a static
    assertion, a table that may not say so."""

    def __init__(self, refused):
        super().__init__()
        self.refused = refused


class Build:
    """A build whose objects are taken but for those that a mutant changes. Those are compiled without optimisation and linked in
    front of the libraries, whose own are left out where they are there already."""

    def __init__(self, directory):
        self.directory = directory.resolve()
        self.commands, self.object_of = {}, {}
        for one in json.loads((self.directory / "compile_commands.json").read_text()):
            words = shlex.split(one["command"])
            if pathlib.Path(one["file"]).suffix == ".c":
                continue
            made = words[words.index("-o") + 1]
            self.commands[made] = words[next(i for i, word in enumerate(words) if "++" in word):]
            self.object_of.setdefault(str(pathlib.Path(one["file"]).resolve()), made)
        self.seconds, self.lock = {}, threading.Lock()

    def ninja(self, *words):
        return subprocess.run(["ninja", *words], cwd=self.directory, check=True, capture_output=True, text=True).stdout

    @functools.cached_property
    def includers(self):
        """Of each file of ours, the objects that are made of it."""
        found, made = {}, None
        for line in self.ninja("-t", "deps").splitlines():
            if line[:1] not in ("", " "):
                made = line.split(":")[0]
            elif line.strip().startswith(str(SOURCE)):
                found.setdefault(str(pathlib.Path(line.strip()).resolve()), set()).add(made)
        return found

    @functools.cache
    def inputs(self, test):
        """The objects that a program of tests is made of."""
        return frozenset(one for one in self.ninja("-t", "inputs", test).split() if one in self.commands)

    def includers_in(self, path, test):
        """The objects of a program of tests that include a header: (of the product, of tests)."""
        found = sorted(self.includers.get(str(path), set()) & self.inputs(test))
        of_tests = [made for made in found if self.is_of_tests(made)]
        return [made for made in found if made not in of_tests], of_tests

    @staticmethod
    def is_of_tests(made):
        return "tests" in made or "test_support" in made or made.startswith("properties/")

    def arguments(self, path):
        """What the compiler is told about a file, without its output; about a header, as part of an object that includes it."""
        if path.suffix == ".cpp":
            return self.told(self.object_of[str(path)])
        near = sorted(self.includers.get(str(path), ()), key=lambda made: (self.is_of_tests(made), made))
        made = next((one for one in near if one in self.commands), None)
        if made is None:
            raise measured.Fault(f"{path}: nothing that is built includes it")
        return [*self.told(made), "-x", "c++", "-iquote", str(path.parent)]

    def told(self, made):
        words = self.commands[made]
        cut = words.index("-o")
        return [word for word in words[:cut] + words[cut + 2:] if word not in ("-c", words[-1]) and not word.startswith("-O")]

    @functools.cache
    def link_of(self, test):
        told = self.ninja("-t", "commands", "-s", test)
        line = next(one for one in told.splitlines() if f" -o {test} " in one)
        words = shlex.split(line.split("&&")[1] if "&&" in line else line)
        return tuple(words[next(i for i, word in enumerate(words) if "++" in word):])

    @functools.cache
    def digest(self, test):
        """Of a program of tests and of all that is linked into it."""
        return hashlib.sha256((self.directory / test).read_bytes()).hexdigest()[:12]

    def link(self, test, objects, of_tests, into):
        """A program of tests with objects in front of its libraries, and some of its own in the place of others."""
        words = list(self.link_of(test))
        words[words.index("-o") + 1] = str(into / "tests")
        first = next(i for i, word in enumerate(words) if word.endswith(".o"))
        in_libraries = [made for name, made in of_tests.items() if name not in words]
        words = [str(of_tests.get(word, word)) for word in words]
        words[first:first] = [*[str(one) for one in [*objects, *in_libraries]], "-Wl,-z,muldefs", "-fuse-ld=lld"]
        subprocess.run(words, cwd=self.directory, check=True, capture_output=True)
        return into / "tests"

    def passes(self, test, program):
        """Whether a program of tests passes. Its own time is measured first; much longer is too long."""
        call = [str(program), "--gtest_brief=1", "--gtest_fail_fast"]
        kept = {"cwd": self.directory / pathlib.Path(test).parent, "env": dict(os.environ, AGENTSLOCK_EXPLORE="small"),
                "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with self.lock:
            if test not in self.seconds:
                begin = time.monotonic()
                if subprocess.run([str(self.directory / test), *call[1:]], **kept).returncode != 0:
                    raise measured.Fault(f"{test} fails without any mutant")
                self.seconds[test] = time.monotonic() - begin
        try:
            return subprocess.run(call, timeout=60 + 3 * self.seconds[test], **kept).returncode == 0
        except subprocess.TimeoutExpired:
            return False


class Mutant:
    """A source or a header with another text, and what is compiled of it in a directory of its own."""

    def __init__(self, build, path, text, into):
        self.build, self.path, self.text, self.into = build, path, text, into
        self.done = {}

    def ways(self, test):
        """In what ways a program of tests can hold the mutant: (objects in front of the libraries, tests' objects in the place of
        their own). A header is first changed in what the product is compiled of, which takes little time and tells of most; then in
        the tests, too."""
        if self.path.suffix == ".cpp":
            if self.build.object_of[str(self.path)] in self.build.inputs(test):
                yield [self.of_source()], {}
            return
        of_product, of_tests = self.build.includers_in(self.path, test)
        objects = self.together(of_product)
        if objects:
            yield objects, {}
        if of_tests:
            yield objects, {made: self.alone(made) for made in of_tests}

    def of_source(self):
        copy, made = self.into / self.path.name, self.into / "mutant.o"
        if not made.exists():
            copy.write_text(self.text)
            self.compile(self.build.arguments(self.path), copy, made, "-iquote", str(self.path.parent))
        return made

    @functools.cached_property
    def tree(self):
        """A tree like ours, of links, in which the header is changed."""
        tree = self.into / "tree"
        tree.mkdir()
        subprocess.run(["cp", "-rs", *[str(SOURCE / one) for one in TREES], str(tree)], check=True)
        changed = tree / self.path.relative_to(SOURCE)
        changed.unlink()
        changed.write_text(self.text)
        return tree

    def in_tree(self, text):
        return re.sub(f"{re.escape(str(SOURCE))}/({'|'.join(TREES)})\\b", rf"{self.tree}/\1", text)

    def together(self, of_product):
        """The sources of objects of the product, as one object for each target."""
        targets = {}
        for made in of_product:
            targets.setdefault(made.split(".dir/")[0], []).append(made)
        return [self.unit("".join(f'#include "{self.build.commands[made][-1]}"\n' for made in of_target), of_target[0])
                for of_target in targets.values()]

    def alone(self, made):
        source = self.build.commands[made][-1]
        # A unit of several sources is a text of the build, which names them.
        return self.unit((self.build.directory / source).read_text() if "/Unity/" in made else f'#include "{source}"\n', made)

    def unit(self, text, like):
        """An object of a text that includes sources, compiled as another object is."""
        if (text, like) not in self.done:
            source = self.into / f"unit{len(self.done)}.cpp"
            source.write_text(self.in_tree(text))
            self.compile([self.in_tree(word) for word in self.build.told(like)], source, source.with_suffix(".o"))
            self.done[text, like] = source.with_suffix(".o")
        return self.done[text, like]

    def compile(self, told, source, made, *more):
        done = subprocess.run([*told, *COMPILE, *more, "-c", str(source), "-o", str(made)], cwd=self.build.directory,
                              capture_output=True, text=True)
        if done.returncode != 0:
            ours = f"({re.escape(str(SOURCE))}|{re.escape(str(self.into))})/[^:\n]*:[0-9:]* error: "
            raise NotBuilt(refused=re.search(f"{ours}(static assertion failed|.*does_not_compile)", done.stderr) is not None)
# SPDX-License-Identifier: Apache-2.0
