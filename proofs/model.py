"""Reads lock.model, and runs it: what steps are possible, and the shortest way to a state in which a law is broken.

The language is described at the head of lock.model. prove.py makes SMT-LIB of the same description.
"""
import ast
import collections
import copy
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
NOBODY = -1
CALLED = {"ours": "ours", "plain": "ours without a queue", "go": "Go tool", "editor": "editor"}


class Step:
    """One step of a process: who may make it, its guards, and its effects."""

    def __init__(self, name, kinds, modes):
        self.name, self.kinds, self.modes = name, kinds, modes
        self.guards = []    # (None, "rule" or "assuming"; the name; the condition)
        self.effects = []   # (variable; its index or None for a global one, "each" for all; the value)

    def is_in(self, out, assumed):
        """Whether the step exists where the rules `out` are taken out and `assumed` is assumed."""
        for mode, name in self.modes:
            if mode == "with" and name in out or mode == "without" and name not in out:
                return False
            if mode == "unless" and name in assumed:
                return False
        return True

    def conditions(self, out, assumed):
        return [condition for what, names, condition in self.guards
                if what is None or what == "rule" and not names & out or what == "assuming" and names <= assumed]


class Theorem:
    def __init__(self, name, words):
        self.name, self.words = name, words
        self.kinds, self.assumed, self.laws, self.parts = [], [], [], []


class Model:
    """The description, parsed. Expressions are trees of Python's own grammar."""

    def __init__(self, text):
        self.kinds, self.places = [], []
        self.each, self.globals = {}, {}
        self.defines, self.parts = {}, {}
        self.steps, self.laws, self.invariants, self.theorems = [], {}, {}, {}
        self.searches = []  # (what is taken out or not assumed; which; theorem; law; cast)
        current = None
        for number, line in enumerate(text.splitlines(), 1):
            line = re.sub(r"(^|\s)#.*", "", line).rstrip()
            try:
                if line.strip():
                    current = self.line(line, current)
            except (ValueError, KeyError, SyntaxError, AttributeError) as wrong:
                raise ValueError(f"lock.model:{number}: {line.strip()}: {wrong}") from wrong
        for step in self.steps:
            self.use_parts(step)
        names = [*self.kinds, *self.places, *self.each, *self.globals, *self.defines]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"lock.model: two things are called {twice}")

    def line(self, line, current):
        word, _, rest = line.strip().partition(" ")
        if not line.startswith(" "):
            return getattr(self, "read_" + word)(rest.strip())
        current(word, rest.strip())
        return current

    # What begins a block.

    def read_kinds(self, rest):
        self.kinds += rest.split()

    def read_places(self, rest):
        self.places += rest.split()

    def read_each(self, rest):
        name, of, first = re.fullmatch(r"(\w+)\s*:\s*(\w+)\s*=\s*(\S+)", rest).groups()
        self.each[name] = (of, first)

    def read_var(self, rest):
        name, of, first = re.fullmatch(r"(\w+)\s*:\s*(\w+)\s*=\s*(\S+)", rest).groups()
        self.globals[name] = (of, first)

    def read_define(self, rest):
        name, of, body = re.fullmatch(r"(\w+)\((\w)\)\s*=\s*(.+)", rest).groups()
        self.defines[name] = (of, self.expression(body))

    def read_part(self, rest):
        part = self.parts[rest] = Step(rest, [], [])
        part.uses = []
        return lambda word, what: self.step_line(part, word, what)

    def read_step(self, rest):
        name, _, head = rest.rpartition(": ")
        who, *modes = head.split(", ")
        kinds = self.kinds if who == "anybody" else who.split()
        if unknown := set(kinds) - set(self.kinds):
            raise ValueError(f"no kind {unknown}")
        step = Step(name, kinds, [tuple(mode.split()) for mode in modes])
        step.uses = []
        self.steps.append(step)
        return lambda word, what: self.step_line(step, word, what)

    def read_law(self, rest):
        name, _, words = rest.partition(": ")
        return lambda word, what: self.laws.__setitem__(name, (words, self.expression(f"{word} {what}")))

    def read_invariant(self, rest):
        name, _, theorems = rest.partition(", for ")
        return lambda word, what: self.invariants.__setitem__(
            name, (theorems.split(), self.expression(f"{word} {what}")))

    def read_theorem(self, rest):
        name, _, words = rest.partition(": ")
        theorem = self.theorems[name] = Theorem(name, words)

        def line(word, what):
            names = what.replace(",", " ").split()
            {"of": theorem.kinds, "assuming": theorem.assumed, "holds": theorem.laws}[word].extend(names)
        return line

    def read_without(self, rest):
        # without rule lease, in plain: no_loss, by plain plain
        what, name, theorem, law, cast = re.fullmatch(r"(rule|assumption) (\w+), in (\w+): (\w+), by (.+)", rest).groups()
        self.searches.append((what, name, self.theorems[theorem], law, cast.split()))

    # What stands in one.

    def step_line(self, step, word, rest):
        if word == "use":
            step.uses.append((rest, len(step.effects)))
        elif word == "when":
            step.guards.append((None, None, self.expression(rest)))
        elif word in ("rule", "assuming"):
            names, _, condition = rest.partition(": ")
            step.guards.append((word, set(names.split()), self.expression(condition)))
        elif word == "then":
            for effect in rest.split("; "):
                of_each = effect.startswith("each ")
                target, _, value = effect.removeprefix("each ").partition(" = ")
                variable, _, index = target.partition("[")
                if variable not in (self.each if index else self.globals):
                    raise ValueError(f"no variable {variable}")
                where = "each" if of_each else self.expression(index[:-1]) if index else None
                step.effects.append((variable, where, self.expression(value)))
        else:
            raise ValueError(f"unknown word {word}")

    def use_parts(self, step):
        uses, step.uses = step.uses, []
        for name, _ in uses:
            part = self.parts[name]
            self.use_parts(part)
            step.guards += part.guards
            step.effects += part.effects

    def expression(self, text):
        tree = ast.parse(text, mode="eval").body
        return Expand(self.defines).visit(tree)

    @property
    def rules(self):
        return sorted({name for step in self.steps for what, names, _ in step.guards if what == "rule" for name in names} |
                      {name for step in self.steps for mode, name in step.modes if mode != "unless"})

    @property
    def assumptions(self):
        return sorted({name for step in self.steps for what, names, _ in step.guards if what == "assuming" for name in names} |
                      {name for step in self.steps for mode, name in step.modes if mode == "unless"})


class Expand(ast.NodeTransformer):
    """Puts the body of a definition in the place of its name."""

    def __init__(self, defines):
        self.defines = defines

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self.defines:
            return node
        of, body = self.defines[node.func.id]
        return Rename(of, node.args[0]).visit(copy.deepcopy(body))


class Rename(ast.NodeTransformer):
    def __init__(self, name, by):
        self.name, self.by = name, by

    def visit_Name(self, node):
        return copy.deepcopy(self.by) if node.id == self.name else node


class Machine:
    """The model with a cast of processes, some rules taken out and something assumed: states and the steps between them.
    A state is a tuple: the globals, then for each variable of a process a tuple."""

    def __init__(self, model, cast, out=(), assumed=()):
        self.model, self.cast = model, cast
        self.names = [*model.globals, *model.each]
        self.space = {place: place for place in model.places} | {kind: kind for kind in model.kinds}
        self.space |= {"nobody": NOBODY, "processes": range(len(cast)), "kind": tuple(cast), "frozenset": frozenset}
        self.moves = [(step, self.compiled(step, set(out), set(assumed)))
                      for step in model.steps if step.is_in(set(out), set(assumed))]
        self.laws = {name: self.predicate(tree) for name, (_, tree) in model.laws.items()}

    def first(self):
        value = {"False": False, "True": True, "nobody": NOBODY, "{}": frozenset()}
        state = [value[first] for _, first in self.model.globals.values()]
        return tuple(state + [(value.get(first, first),) * len(self.cast) for _, first in self.model.each.values()])

    def compiled(self, step, out, assumed):
        guards = [source(tree) for tree in step.conditions(out, assumed)]
        code = [f"def move(state, p):", f"  {', '.join(self.names)} = state"]
        code += [f"  if not ({guard}): return None" for guard in guards]
        after = dict.fromkeys(self.names)
        values = []
        for number, (variable, where, value) in enumerate(step.effects):
            if where == "each":
                values.append(f"tuple({source(value)} for q in processes)")
                after[variable] = f"v{number}"
            elif where is None:
                values.append(source(value))
                after[variable] = f"v{number}"
            else:
                values.append(f"({source(where)}, {source(value)})")
                after[variable] = f"put({after[variable] or variable}, v{number})"
        code += [f"  v{number} = {value}" for number, value in enumerate(values)]
        code += [f"  return ({', '.join(after[name] or name for name in self.names)},)"]
        space = dict(self.space, put=lambda of, at: of[:at[0]] + (at[1],) + of[at[0] + 1:])
        exec("\n".join(code), space)
        return space["move"]

    def predicate(self, tree):
        """Whether a condition holds for every p and q."""
        code = f"def holds(state):\n  {', '.join(self.names)} = state\n" \
               f"  return all({source(tree)} for p in processes for q in processes)"
        space = dict(self.space)
        exec(code, space)
        return space["holds"]

    def steps(self, state):
        """All that can happen: (step, process, the state after it). Of processes that are alike, only the first that has
        not begun begins; and what happens to all happens to the first."""
        at = state[self.names.index("at")]
        idle = {kind: next((p for p in range(len(at)) if self.cast[p] == kind and at[p] == "start"), None)
                for kind in self.cast}
        acting = [p for p, kind in enumerate(self.cast) if at[p] != "start" or idle[kind] == p]
        for step, move in self.moves:
            for p in [0] if step.kinds is self.model.kinds else acting:
                if self.cast[p] in step.kinds and (after := move(state, p)) is not None:
                    yield step, p, after

    def search(self, law=None, takes=None, states_max=3_000_000):
        """The shortest way to a state that breaks a law, or to a step of that name, as (step, process); None if there is
        none. And how many states were seen."""
        first = self.first()
        came_from = {first: None}
        waiting = collections.deque([first])
        holds = self.laws[law] if law else lambda state: True
        while waiting:
            state = waiting.popleft()
            for step, p, after in self.steps(state):
                if after in came_from:
                    continue
                came_from[after] = (state, step, p)
                if step.name == takes or not holds(after):
                    way = []
                    while came_from[after]:
                        after, step, p = came_from[after]
                        way.append((step, p))
                    return way[::-1], len(came_from)
                if len(came_from) > states_max:
                    raise RuntimeError(f"{states_max} states, and neither an end nor a counterexample")
                waiting.append(after)
        return None, len(came_from)

    def called(self, p):
        kind = self.cast[p]
        return f"{CALLED[kind]} {self.cast[:p + 1].count(kind)}"

    def told(self, way):
        """A schedule, a step a line."""
        return [f"{self.called(p)} {step.name.removeprefix('the Go tool ').removeprefix('an editor ')}" for step, p in way]


class Source(ast.NodeTransformer):
    def visit_Set(self, node):
        self.generic_visit(node)
        return ast.Call(ast.Name("frozenset", ast.Load()), [ast.Tuple(node.elts, ast.Load())], [])


def source(tree):
    return ast.unparse(ast.fix_missing_locations(Source().visit(copy.deepcopy(tree))))


def load(path=HERE / "lock.model"):
    return Model(path.read_text())
# SPDX-License-Identifier: Apache-2.0
