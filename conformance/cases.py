"""The cases of the kit: what is asked, and what must be answered.

    cells       every cell of both tables of machine.json, by the operations that lead there, and where none leads there by "step"
    sequences   operations in any order on a document with views in every status; the plain implementation says what must come out
    documents   the vectors: what the Go tool did, and where we differ on purpose what we ask for instead
    inputs      what fuzzing has kept of documents, nearly all of them broken in a way of their own; the plain implementation says
                which can be read, and what they are then
"""
import base64
import json
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import plain

HERE = pathlib.Path(__file__).resolve().parent
NOW = "2026-07-05T12:00:00Z"
GARBLED = "half-built"


class Case:
    """A question, and a judge of the answer: nothing, or what is wrong with it."""

    def __init__(self, name, document, operations, judge, needs=None):
        self.name, self.judge, self.needs = name, judge, needs
        self.question = {"document": document, "ops": operations}


def machine():
    return json.loads((HERE / "machine.json").read_text())


def document(status, history=0):
    """One view in a status, that reads from one adapter."""
    entries = [{"at": NOW, "to": "ready", "trigger": "registered"}] * history
    view = {"view_digest": "sha256:v", "view_status": GARBLED if status == "unrecognised" else status,
            "depends_on": [{"adapter": "base", "schema_digest": "sha256:b", "version": "1"}], "state_history": entries}
    views = {} if status == "none" else {"v": view}
    adapters = {"base": {"source_digest": "s", "schema_digest": "sha256:b", "activated_at": NOW},
                "comp": {"source_digest": "s", "schema_digest": "sha256:c", "activated_at": NOW, "materialized_views": views}}
    return json.dumps({"adapters": adapters, "lock_version": 1}, indent=2) + "\n"


VIEW = {"adapter": "comp", "view": "v"}
EVENTS = {
    "registered": {"op": "register_view", **VIEW, "digest": "sha256:n", "deps": None, "now": NOW},
    "dependee bumped": {"op": "mark_dependee_bumped", "dependee": "base", "now": NOW},
    "validation passed": {"op": "resolve_recompat", **VIEW, "compatible": True, "deps": None, "now": NOW},
    "validation failed": {"op": "resolve_recompat", **VIEW, "compatible": False, "deps": None, "now": NOW},
    "rebuilt": {"op": "mark_view_rebuilt", **VIEW, "digest": "sha256:n", "now": NOW},
}
SEEN = {"consistent": "sha256:v", "digest differs": "sha256:other", "absent": None}


def view_of(answer):
    text = answer["document"]
    adapters = json.loads(text)["adapters"] if isinstance(text, str) else {}
    return adapters.get("comp", {}).get("materialized_views", {}).get("v")


def judge_view(answer, row, history):
    """The view after an event: its status, and the end of its audit log."""
    view, before = view_of(answer), GARBLED if row["from"] == "unrecognised" else row["from"]
    if row["from"] == "none" and row["outcome"] != "moves":
        return None if view is None else "there is a view now"
    after = row["to"] if row["outcome"] == "moves" else before
    if view is None or view["view_status"] != after:
        return f"the view is {view and view['view_status']!r}, not {after!r}"
    log = view.get("state_history") or []
    if row["outcome"] != "moves":
        return None if len(log) == history else "the audit log has changed"
    end = {"at": NOW, "from": before, "to": after, "trigger": row["trigger"] + ("base" if row["event"] == "dependee bumped" else "")}
    if row["from"] == "none":
        del end["from"]
    expected = min(history + 1, 20)
    return None if len(log) == expected and log[-1] == end else f"the audit log has {len(log)} entries and ends in {log[-1:]}"


def cell(row, history=0):
    """One cell of the state machine, by the operation that is this event."""
    def judge(answer):
        refused = answer["ops"][0].get("error") is not None
        # To bump views that can't be bumped is no error: they stay.
        should = row["outcome"] == "refused" and row["event"] != "dependee bumped"
        if refused != should:
            return f"error: {answer['ops'][0].get('error')!r}"
        if row["event"] == "dependee bumped":
            affected = ["comp/v"] if row["outcome"] == "moves" else []
            if answer["ops"][0].get("affected") != affected:
                return f"affected: {answer['ops'][0].get('affected')!r}"
        return judge_view(answer, row, history)
    name = f"cell: {row['event']} in {row['from']}" + (f", {history} entries" if history else "")
    return Case(name, document(row["from"], history), [EVENTS[row["event"]], {"op": "save"}], judge)


def pass_cell(machine, row, seen, history=0):
    """One cell of the reconciliation table; what it leads to is a cell of the state machine."""
    action = row[seen]
    [step] = [one for one in machine["transitions"] if (one["from"], one["event"]) == (row["recorded"], action)] or [
        {"from": row["recorded"], "event": action, "outcome": "stays", "to": row["recorded"], "trigger": ""}]

    def judge(answer):
        said, before = answer["ops"][0], GARBLED if row["recorded"] == "unrecognised" else row["recorded"]
        changes = [{**VIEW, "from": before, "to": step["to"], "reason": machine["reasons"][action]}] if step["outcome"] == "moves" else []
        expected = {"changes": changes, "validation_due": ["comp/v"] if action == "re-run validation" else [],
                    "gates_shut": ["comp/v"] if action == "gate stays shut" else []}
        for name, value in expected.items():
            if said.get(name) != value:
                return f"{name}: {said.get(name)!r}, not {value!r}"
        return judge_view(answer, step, history)
    operation = {"op": "reconcile", "presence": {"comp/v": SEEN[seen]} if SEEN[seen] else {}, "now": NOW}
    name = f"pass: {row['recorded']}, {seen}" + (f", {history} entries" if history else "")
    return Case(name, document(row["recorded"], history), [operation, {"op": "save"}], judge)


def asked_cell(row):
    """A cell to which no operation leads: only who answers "step" is asked."""
    expected = {name: row[name] for name in ("outcome", "to", "trigger")}

    def judge(answer):
        said = {name: answer["ops"][0].get(name) for name in expected}
        return None if said == expected else f"{said}, not {expected}"
    return Case(f"step: {row['event']} in {row['from']}", document("ready"),
                [{"op": "step", "from": row["from"], "event": row["event"]}], judge, needs="step")


def cells(machine):
    for history in (0, 20):
        for row in machine["transitions"]:
            if row["event"] in EVENTS and (row["from"] != "none" or not history):
                yield cell(row, history)
        for row in machine["reconciliation"]:
            for seen in SEEN:
                yield pass_cell(machine, row, seen, history)
    for row in machine["transitions"]:
        yield asked_cell(row)


def meaning(text):
    """What the adapters section says: null, empty and missing are the same."""
    def leaf(value, names):
        return {name: one for name, one in (value or {}).items() if name in names and one not in (None, "", [], {})}
    said = {}
    for name, adapter in (plain.parsed(text, dict).get("adapters") or {}).items():
        views = (adapter or {}).get("materialized_views") or {}
        said[name] = leaf(adapter, plain.SECTION[:3]), {
            view: leaf(one, plain.VIEW) | {part: [leaf(each, names) for each in (one or {}).get(part) or []] for part, names in
                                           (("depends_on", plain.RECORD), ("state_history", plain.ENTRY))}
            for view, one in views.items()}
    return said


def different(answer, expected):
    """Where an answer differs from what was expected; of errors only whether there is one."""
    if (answer["load"]["error"] is None) != (expected["load"]["error"] is None):
        return f"loading: {answer['load']['error']!r}"
    if len(answer["ops"]) != len(expected["ops"]):
        return f"{len(answer['ops'])} answers to {len(expected['ops'])} operations"
    for number, (said, should) in enumerate(zip(answer["ops"], expected["ops"])):
        for name, value in should.items():
            if name == "error" and (said.get(name) is None) != (value is None) or name != "error" and said.get(name) != value:
                return f"operation {number}, {should['op']}: {name} is {said.get(name)!r}, not {value!r}"
    return None


def sequences(machine, count=150):
    chance = random.Random(20)
    names, views = ["base", "comp", "more"], ["v", "w"]
    for number in range(count):
        operations = [{"op": "register_view", "adapter": "comp", "view": "w", "digest": "sha256:w", "now": NOW,
                       "deps": [{"adapter": "more", "schema_digest": "sha256:m", "version": ""}]}]
        for minute in range(chance.randrange(3, 25)):
            now = f"2026-07-06T12:{minute:02}:00Z"
            view = {"adapter": "comp", "view": chance.choice(views)}
            operations.append(chance.choice([
                {"op": "activate", "name": chance.choice(names), "source_digest": "s", "schema_digest": f"sha256:{minute}", "now": now},
                {"op": "register_view", **view, "digest": chance.choice(["sha256:v", ""]), "deps": None, "now": now},
                {"op": "mark_dependee_bumped", "dependee": chance.choice(names), "now": now,
                 **chance.choice([{}, {"schema_digest": "sha256:b"}, {"schema_digest": "sha256:x", "version": "2"}])},
                {"op": "resolve_recompat", **view, "compatible": chance.random() < 0.6, "now": now,
                 "deps": chance.choice([None, [{"adapter": "base", "schema_digest": "sha256:x", "version": "2"}]])},
                {"op": "mark_view_rebuilt", **view, "digest": chance.choice(["sha256:v", "sha256:n", ""]), "now": now},
                {"op": "reconcile", "now": now,
                 "presence": {"comp/v": chance.choice(["sha256:v", "sha256:n", None]), "comp/w": chance.choice(["sha256:w", None])}},
                {"op": "activation_blockers", "dependee": chance.choice(names)},
                {"op": "view_status_of", **view}, {"op": "adapter_names"}]))
        operations.append({"op": "save"})
        start = document(chance.choice(["none", *plain.STATUSES, "unrecognised"]), chance.choice([0, 18]))
        expected = plain.answer({"document": start, "ops": operations}, machine)

        def judge(answer, expected=expected):
            wrong = different(answer, expected)
            if wrong is None and meaning(answer["document"]) != meaning(expected["document"]):
                wrong = "the document says something else"
            return wrong
        yield Case(f"sequence {number}", start, operations, judge)


def as_text(data):
    """A document's bytes, as a question holds them."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(data).decode()}


def vectors(of, directory):
    index = json.loads((directory / "INDEX.json").read_text())
    for one in index:
        path, kind = directory / one["dir"], one["class"]
        read = lambda name: (path / name).read_bytes() if (path / name).exists() else None
        before, after = read("in.lock"), read("go.lock")
        recorded = json.loads(read("go.json"))
        operations = json.loads(read("script.json"))["ops"]
        yield vector_case(of, one, kind, before, after, operations, recorded)


def vector_case(of, one, kind, before, after, operations, recorded):
    def judge(answer):
        failed = answer["load"]["error"] is not None or any(said.get("error") for said in answer["ops"])
        same_bytes = answer["document"] == as_text(before)
        if kind == "refuse":
            return "it is taken" if not failed else None if same_bytes else "it is refused, and has changed"
        if kind == "either":
            return None if not failed or same_bytes else "it is refused, and has changed"
        if kind == "differ":
            expected = plain.answer({"document": as_text(before), "ops": operations}, of)
            if wrong := different(answer, expected):
                return wrong
            return None if meaning(answer["document"]) == meaning(expected["document"]) else "the document says something else"
        if wrong := different(answer, {"load": recorded["load"], "ops": [
                {name: value for name, value in said.items() if name != "presence_calls"} for said in recorded["ops"]]}):
            return wrong
        if kind == "same":
            return None if answer["document"] == as_text(after) else "other bytes than the Go tool's"
        return None if meaning(answer["document"]) == meaning(after.decode()) else "the document says something else"
    # Sections of others and the digest of inputs are no part of the machine.
    beyond = {one["op"] for one in operations} & {"inputs_digest", "set_inputs_digest", "update_section"}
    return Case(f"document {one['dir']} ({kind})", as_text(before), operations, judge, needs="sections" if beyond else None)


def inputs(of, corpora):
    """Each input once: whether it can be read, and what one pass, a new adapter and a save make of it."""
    operations = [{"op": "adapter_names"}, {"op": "reconcile", "presence": {}, "now": NOW},
                  {"op": "activate", "name": "new", "source_digest": "s", "schema_digest": "d", "now": NOW}, {"op": "save"}]
    found = {path.read_bytes(): path.name for corpus in ("fuzz_document", "fuzz_adapters") for path in sorted((corpora / corpus).iterdir())}
    # How large an exponent may be is everybody's own.
    for data, name in ((data, name) for data, name in found.items() if not re.search(rb"[eE][+-]?[0-9]{10}", data)):
        expected = plain.answer({"document": as_text(data), "ops": operations}, of)

        def judge(answer, before=as_text(data), expected=expected):
            if expected["load"]["error"] is None or answer["load"]["error"] is None:
                wrong = different(answer, expected)
                return wrong or (None if meaning(answer["document"]) == meaning(expected["document"]) else "the document says something else")
            return None if answer["document"] == before else "it is refused, and has changed"
        yield Case(f"input {name}", as_text(data), operations, judge)


def all_cases(vectors_in, corpora):
    of = machine()
    return [*cells(of), *sequences(of), *vectors(of, vectors_in), *inputs(of, corpora)]
# SPDX-License-Identifier: Apache-2.0
