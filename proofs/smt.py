"""lock.model as SMT-LIB: for a theorem, that its invariant holds at first, and that every step keeps it.

Processes are a sort of their own, of any size. A variable of a process is a function of it, a set of processes a predicate. The
state after a step is defined from the one before (NAME.1), so that nothing need be said about what stays.

No quantifier is left to the solvers: they are made for such questions without, and answer each in milliseconds. What does not
hold for all processes does not hold for some, which get names (one, other, some); what holds for all holds for these, for the one
that acts, and for those that its and their variables name. To assume no more than that is to assume less, so that "unsat" proves
the theorem all the same. "sat" may then mean that too little was assumed; it is never taken for a counterexample, which model.py
finds by running the model.
"""
import ast

NAMED = ("actor", "one", "other", "some")


class Smt:
    def __init__(self, model):
        self.model = model
        self.denying = False
        self.terms = [*NAMED]
        self.terms += [name for name, (of, _) in model.globals.items() if of == "process"]
        self.terms += [f"({name} {of})" for of in NAMED[:-1] for name, (sort, _) in model.each.items() if sort == "process"]
        self.sorts = {"place": "Place", "bool": "Bool", "process": "Process", "kind": "Kind"}

    def variables(self):
        yield from ((name, True, of) for name, (of, _) in self.model.each.items())
        yield from ((name, False, of) for name, (of, _) in self.model.globals.items())

    def arguments(self, is_each, of):
        """What a variable is a function of."""
        return (["p"] if is_each else []) + (["m"] if of == "set" else [])

    def head(self):
        lines = ["(set-logic ALL)", "(declare-sort Process 0)", "(declare-const nobody Process)"]
        for sort, values in (("Place", self.model.places), ("Kind", self.model.kinds)):
            lines.append(f"(declare-datatypes (({sort} 0)) (({' '.join(f'({value})' for value in values)})))")
        lines.append("(declare-fun kind (Process) Kind)")
        for name, is_each, of in self.variables():
            arguments = " ".join("Process" for _ in self.arguments(is_each, of))
            lines.append(f"(declare-fun {name} ({arguments}) {self.sorts.get(of, 'Bool')})")
        return lines

    # Expressions. `after` is the suffix of the state: nothing, or ".1".

    def set_of(self, tree, after):
        """A set, as a function from a member's name to the condition that it is one; None if it is none."""
        if isinstance(tree, ast.Name) and self.model.globals.get(tree.id, ("",))[0] == "set":
            return lambda member: f"({tree.id}{after} {member})"
        if isinstance(tree, ast.Subscript) and self.model.each.get(tree.value.id, ("",))[0] == "set":
            index = self.of(tree.slice, after)
            return lambda member: f"({tree.value.id}{after} {index} {member})"
        if isinstance(tree, ast.Set):
            members = [self.of(one, after) for one in tree.elts]
            return lambda member: "(or " + " ".join(f"(= {member} {one})" for one in members) + ")"
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
            left, right = self.set_of(tree.left, after), self.set_of(tree.right, after)
            return lambda member: f"(or {left(member)} {right(member)})"
        return None

    def of(self, tree, after="", positive=True):
        """An expression. `positive`: whether it is asserted, or its contrary."""
        match tree:
            case ast.Constant(value=bool() as value):
                return "true" if value else "false"
            case ast.Name(id=name):
                return name + after if name in self.model.globals else name
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return f"({name}{after if name != 'kind' else ''} {self.of(index, after)})"
            case ast.BoolOp(op=op, values=values):
                return f"({'and' if isinstance(op, ast.And) else 'or'} {' '.join(self.of(one, after, positive) for one in values)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(not {self.of(operand, after, not positive)})"
            case ast.IfExp(test=test, body=body, orelse=other):
                return f"(ite {self.of(test, after)} {self.of(body, after)} {self.of(other, after)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.comparison(left, op, right, after, positive)
            case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(elt=body, generators=[over])]):
                body = self.of(body, after, positive)
                return self.all(over.target.id, lambda of: f"(or (= {of} nobody) {body})", positive)
        raise ValueError(f"can't say in SMT-LIB: {ast.unparse(tree)}")

    def all(self, name, body, positive):
        """That something holds for all processes; asserted, or its contrary."""
        if not positive and not self.denying:
            raise ValueError("what does not hold for all must not be assumed: it would share the names of what is asked")
        over = self.terms if positive else ["some"]
        return "(and " + " ".join(f"(let (({name} {term})) {body(name)})" for term in over) + ")"

    def comparison(self, left, op, right, after, positive):
        negated = isinstance(op, (ast.NotEq, ast.NotIn))
        if isinstance(op, (ast.In, ast.NotIn)):
            element = self.of(left, after)
            if isinstance(right, ast.Tuple):
                said = "(or " + " ".join(f"(= {element} {self.of(one, after)})" for one in right.elts) + ")"
            else:
                said = self.set_of(right, after)(element)
        elif (one := self.set_of(left, after)) is not None:
            other = self.set_of(right, after)
            said = self.all("m", lambda m: f"(= {one(m)} {other(m)})", positive != negated)
        else:
            said = f"(= {self.of(left, after)} {self.of(right, after)})"
        return f"(not {said})" if negated else said

    # Steps.

    def after(self, step):
        """Definitions of the state after a step of `actor`."""
        lines = []
        for name, is_each, of in self.variables():
            arguments = self.arguments(is_each, of)
            value = f"({name} {' '.join(arguments)})" if arguments else name
            for variable, where, tree in step.effects:
                if variable != name:
                    continue
                new = self.set_of(tree, "")("m") if of == "set" else self.of(tree)
                if where is None:
                    value = self.by_actor(new)
                elif where == "each":
                    value = f"(let ((q p)) {new})"
                else:
                    value = f"(ite (= p {self.by_actor(self.of(where))}) {self.by_actor(new)} {value})"
            given = " ".join(f"({argument} Process)" for argument in arguments)
            lines.append(f"(define-fun {name}.1 ({given}) {self.sorts.get(of, 'Bool')} {value})")
        return lines

    @staticmethod
    def by_actor(text):
        """In definitions of a state after a step, p is any process, and the one that acts is called actor."""
        return f"(let ((p actor)) {text})"

    def assumed(self, tree):
        """That a condition holds for all p and q, so for those that have names."""
        used = [name for name in ("p", "q") if name in names_in(tree)]
        said = self.of(tree)
        for name in used:
            said = f"(or (= {name} nobody) {said})"
        lets = [""] if not used else [f"(({used[0]} {one}))" for one in self.terms] if len(used) == 1 else \
            [f"((p {one}) (q {other}))" for one in self.terms for other in self.terms]
        return [f"(assert (let {let} {said}))" if let else f"(assert {said})" for let in lets]

    def denied(self, conditions, after):
        """That one of the conditions does not hold for some p and q."""
        self.denying = True
        said = [f"(not {self.of(tree, after, False)})" for tree in conditions]
        self.denying = False
        return f"(assert (let ((p one) (q other)) (or false {' '.join(said)})))"

    def first(self):
        """The first state, of those that have names."""
        lines = []
        for name, is_each, of in self.variables():
            value = (self.model.each if is_each else self.model.globals)[name][1]
            value = {"{}": "false", "True": "true", "False": "false"}.get(value, value)
            applied = [name] if not is_each and of != "set" else [
                f"({name} {term} {member})" if is_each and of == "set" else f"({name} {term})"
                for term in NAMED for member in (NAMED if is_each and of == "set" else [""])]
            lines += [f"(assert (= {one} {value}))" for one in applied]
        return lines

    def conditions(self, theorem):
        """What is shown to hold after every step: the laws, and the invariants that carry them."""
        named = {f"law {name}": self.model.laws[name][1] for name in theorem.laws}
        return named | {name: tree for name, (of, tree) in self.model.invariants.items() if not of or theorem.name in of}

    def theorem(self, theorem, each_alone=False, without=None):
        """The whole text, and what each of its questions is about. Each must be answered unsat. `each_alone` asks for each
        condition by itself, to see which fails. Without a rule or an assumption it is about the steps that this changes, and
        then one answer at least must be another."""
        out, assumed = {without} - {None}, set(theorem.assumed) - {without}
        named = self.conditions(theorem)
        conditions = list(named.values())
        lines = self.head() + [f"(declare-const {name} Process)" for name in NAMED]
        lines += [f"(assert (distinct {name} nobody))" for name in NAMED[:-1]]
        kinds = " ".join(f"(= (kind p) {kind})" for kind in theorem.kinds)
        lines += [f"(assert (let ((p {term})) (or (= p nobody) {kinds})))" for term in self.terms]
        questions = ["at first"]
        lines += ["(push 1)", *self.first(), self.denied(conditions, ""), "(check-sat)", "(pop 1)"]
        lines += [line for tree in conditions for line in self.assumed(tree)]
        for step in self.model.steps:
            if not step.is_in(out, assumed) or not set(step.kinds) & set(theorem.kinds):
                continue
            guards = step.conditions(out, assumed)
            if without and step.is_in(set(), theorem.assumed) and guards == step.conditions(set(), set(theorem.assumed)):
                continue
            who = "(or " + " ".join(f"(= (kind actor) {kind})" for kind in step.kinds) + ")"
            lines += ["(push 1)", f"(assert {who})"]
            lines += [f"(assert {self.by_actor(self.of(guard))})" for guard in guards]
            lines += self.after(step)
            changed = {variable for variable, _, _ in step.effects}
            touched = {name: tree for name, tree in named.items() if changed & names_in(tree)}
            for about, asked in touched.items() if each_alone else [("", None)]:
                denied = self.denied([asked] if each_alone else list(touched.values()), ".1")
                lines += ["(push 1)", denied, "(check-sat)", "(pop 1)"]
                questions.append(f"{step.name}: {about}" if each_alone else step.name)
            lines.append("(pop 1)")
        return "\n".join(lines) + "\n", questions


def names_in(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
# SPDX-License-Identifier: Apache-2.0
