#!/usr/bin/env python3
"""A plain implementation: the machine as tables in machine.json, the operations in few words. It answers the kit's questions, a
line of JSON each (docs/conformance.md), and shows how little another implementation needs. It writes a document anew, in the
Go tool's form, but for the bytes of the sections that are not ours. No lock and no file: that is not what the kit is about."""
import base64
import datetime
import itertools
import json
import pathlib
import re
import sys

STATUSES = ("ready", "pending-recompat-check", "pending-rebuild", "dsl-update-required")
NO_STATUS = "unrecognised"
OURS = {"adapters", "lock_version", "inputs_digest"}
SECTION = ("source_digest", "schema_digest", "activated_at", "materialized_views")
VIEW = ("view_digest", "view_status", "depends_on", "last_rebuilt_at", "last_validation_at", "state_history")
RECORD, ENTRY = ("adapter", "schema_digest", "version"), ("at", "from", "to", "trigger")
DEPTH_MAX = 5000
sys.setrecursionlimit(30000)


class Refused(Exception): """An operation that is refused, or a document that can't be read."""
class Number(str): """A number as it is spelt."""


def pairs(items):
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise Refused("a member is there twice")
    return dict(items)


def parsed(text, members=pairs):
    try:
        return json.loads(text, object_pairs_hook=members, parse_int=Number, parse_float=Number, parse_constant=float.fromhex)
    except (ValueError, RecursionError) as wrong:
        raise Refused(str(wrong)) from wrong


def depth_of(text):
    marks = re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text)
    return max(itertools.accumulate((mark in "[{") - (mark in "]}") for mark in marks), default=0)


def top_members(text):
    """The top level's members: name, and the bytes of its value."""
    decoder = json.JSONDecoder()
    space = re.compile(r"[ \t\r\n]*")
    found, at = [], space.match(text, text.index("{") + 1).end()
    while text[at] != "}":
        name, at = decoder.raw_decode(text, at)
        at = space.match(text, space.match(text, at).end() + 1).end()
        _, end = decoder.raw_decode(text, at)
        found.append((name, text[at:end]))
        at = space.match(text, end).end()
        at = space.match(text, at + 1).end() if text[at] == "," else at
    return found


def spelt(value):
    """A text as the Go tool spells it."""
    text = json.dumps(value, ensure_ascii=False)
    text = re.sub(r"\\u00([0-9A-Fa-f]{2})", lambda found: f"\\u00{found[1].lower()}", text)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def written(value, indent="\n  "):
    inner = indent + "  "
    if isinstance(value, dict) and value:
        return "{" + ",".join(f"{inner}{spelt(name)}: {written(one, inner)}" for name, one in value.items()) + indent + "}"
    if isinstance(value, list) and value:
        return "[" + ",".join(inner + written(one, inner) for one in value) + indent + "]"
    return value if isinstance(value, Number) else spelt(value)


def checked(given, names, what):
    """An object of ours: the members that we know, each a text or of the type that is asked for."""
    if not isinstance(given, dict):
        raise Refused(f"{what} is no object")
    for name in given:
        folded = name.lower().replace("\u017f", "s").replace("\u212a", "k")
        if folded in names and name not in names:
            raise Refused(f"{name} is nearly {folded}")
    kinds = {"materialized_views": dict, "depends_on": list, "state_history": list}
    for name in names:
        value = given.get(name)
        kind = kinds.get(name, str)
        if value is None:
            given[name] = kind()
        elif not isinstance(value, kind) or isinstance(value, Number):
            raise Refused(f"{name} of {what} is no {kind.__name__}")
    return given


def section(adapters):
    for name, adapter in adapters.items():
        for view_name, view in checked(adapter, SECTION, name)["materialized_views"].items():
            checked(view, VIEW, view_name)
            view["depends_on"] = [checked(one or {}, RECORD, "a dependency") for one in view["depends_on"]]
            view["state_history"] = [checked(one or {}, ENTRY, "an entry") for one in view["state_history"]]
    return adapters


def in_order(given, names, always=()):
    known = {name: given[name] for name in names if name in always or given[name]}
    return known | {name: value for name, value in given.items() if name not in names}


def to_write(adapters):
    all_of = {}
    for name in sorted(adapters, key=str.encode):
        adapter = dict(adapters[name])
        views = {}
        for view_name in sorted(adapter["materialized_views"], key=str.encode):
            view = dict(adapter["materialized_views"][view_name])
            view["depends_on"] = [in_order(one, RECORD, RECORD) for one in view["depends_on"]]
            view["state_history"] = [in_order(one, ENTRY, ("at", "to", "trigger")) for one in view["state_history"]]
            views[view_name] = in_order(view, VIEW, ("view_status",))
        all_of[name] = in_order(adapter | {"materialized_views": views}, SECTION, SECTION[:3])
    return all_of


class Lockfile:
    """A document, and the operations on it by the tables of a machine."""

    def __init__(self, machine, text):
        self.cells = {(row["from"], row["event"]): row for row in machine["transitions"]}
        self.passes = {row["recorded"]: row for row in machine["reconciliation"]}
        self.reasons = machine["reasons"]
        self.text, self.members, self.adapters = text, [], {}
        if text is None:
            return
        document = parsed(text, dict)
        if not isinstance(document, dict) or depth_of(text) > DEPTH_MAX:
            raise Refused("no object, or one too deep")
        self.members = top_members(text)
        names = [name for name, _ in self.members]
        if len(set(names)) != len(names) or re.search("[\ud800-\udfff]", json.dumps(document, ensure_ascii=False)):
            raise Refused("a member is there twice, or a text is none")
        for name in names:
            if name not in OURS and name.lower().replace("\u017f", "s") in OURS:
                raise Refused(f"{name} is nearly one of ours")
        if document.get("lock_version", Number("1")) != Number("1") or not isinstance(document.get("lock_version", Number()), Number):
            raise Refused("another lock_version")
        own = parsed(dict(self.members).get("adapters", "{}"))
        if not isinstance(own, (dict, type(None))):
            raise Refused("adapters is no object")
        self.adapters = section(own or {})

    def adapter(self, name):
        return self.adapters.setdefault(name, dict.fromkeys(SECTION[:3], "") | {"materialized_views": {}})

    def find(self, given):
        view = self.adapters.get(given["adapter"], {}).get("materialized_views", {}).get(given["view"])
        return view, "none" if view is None else view["view_status"] if view["view_status"] in STATUSES else NO_STATUS

    def step(self, view, state, event, now, name=""):
        """Moves a view by its cell of the table. Refused: nothing happens."""
        cell = self.cells[state, event]
        if cell["outcome"] == "refused":
            raise Refused(f"{event} in {state}")
        if cell["outcome"] == "moves":
            entry = {"at": now, "from": view["view_status"], "to": cell["to"], "trigger": cell["trigger"] + name}
            view["state_history"] = (view["state_history"] + [entry])[-20:]
            view["view_status"] = cell["to"]

    @staticmethod
    def records(given):
        return [dict(dict.fromkeys(RECORD, ""), **one) for one in given or []]

    def do_activate(self, given):
        if not given["name"]:
            raise Refused("no name")
        self.adapter(given["name"]).update({"source_digest": given["source_digest"], "schema_digest": given["schema_digest"], "activated_at": given["now"]})

    def do_register_view(self, given):
        _, state = self.find(given)
        records = self.records(given.get("deps"))
        if not given["digest"] or not given["adapter"] or not given["view"] or not all(one["adapter"] for one in records):
            raise Refused("a digest or a name is empty")
        view = {"view_digest": given["digest"], "view_status": "", "depends_on": records, "last_rebuilt_at": given["now"],
                "last_validation_at": "", "state_history": []}
        self.step(view, state, "registered", given["now"])
        self.adapter(given["adapter"])["materialized_views"][given["view"]] = view

    def do_mark_dependee_bumped(self, given):
        name = given["dependee"] + ("@" + given["version"] if given.get("version") else "")
        affected = []
        if not given["dependee"]:
            raise Refused("no name")
        for key, view, state in self.views():
            records = [one["schema_digest"] for one in view["depends_on"] if one["adapter"] == given["dependee"]]
            if not records or given.get("schema_digest") and all(one == given["schema_digest"] for one in records):
                continue
            try:
                before = view["view_status"]
                self.step(view, state, "dependee bumped", given["now"], name)
                affected += ["/".join(key)] if view["view_status"] != before else []
            except Refused:
                pass  # it is not ready, and stays
        return {"affected": affected}

    def do_resolve_recompat(self, given):
        view, state = self.find(given)
        self.step(view, state, "validation passed" if given["compatible"] else "validation failed", given["now"])
        view["last_validation_at"] = given["now"]
        if given["compatible"] and given.get("deps"):
            view["depends_on"] = self.records(given["deps"])

    def do_mark_view_rebuilt(self, given):
        view, state = self.find(given)
        if not given["digest"]:
            raise Refused("no digest")
        self.step(view, state, "rebuilt", given["now"])
        view |= {"view_digest": given["digest"], "last_rebuilt_at": given["now"]}

    def do_reconcile(self, given):
        changes, due, shut = [], [], []
        for key, view, state in self.views():
            adapter, name = key
            stored = (given.get("presence") or {}).get(f"{adapter}/{name}")
            seen = "absent" if stored is None else "consistent" if stored and stored == view["view_digest"] else "digest differs"
            action = self.passes[state][seen]
            before = view["view_status"]
            if action in ("tables absent", "digest mismatch", "invalid status"):
                self.step(view, state, action, given["now"])
                changes.append({"adapter": adapter, "view": name, "from": before, "to": view["view_status"],
                                "reason": self.reasons[action]})
            due += [f"{adapter}/{name}"] if action == "re-run validation" else []
            shut += [f"{adapter}/{name}"] if action == "gate stays shut" else []
        return {"changes": changes, "validation_due": due, "gates_shut": shut}

    def do_activation_blockers(self, given):
        return {"blockers": [f"{adapter}/{name}" for (adapter, name), view, state in self.views() if state == "dsl-update-required"
                             and any(one["adapter"] == given["dependee"] for one in view["depends_on"])]}

    def do_adapter_names(self, _):
        return {"names": sorted(self.adapters, key=str.encode)}

    def do_view_status_of(self, given):
        view, _ = self.find(given)
        return {"ok": view is not None, "status": "" if view is None else view["view_status"]}

    def do_step(self, given):
        cell = self.cells[given["from"], given["event"]]
        return {"outcome": cell["outcome"], "to": cell["to"], "trigger": cell["trigger"]}

    def do_save(self, _):
        members = dict(self.members)
        members.setdefault("lock_version", "1")
        members["adapters"] = written(to_write(self.adapters))
        names = list(dict(self.members)) + [name for name in members if name not in dict(self.members)]
        if [name for name, _ in self.members] == sorted(dict(self.members), key=str.encode):
            names.sort(key=str.encode)
        self.text = "{" + ",".join(f"\n  {spelt(name)}: {members[name]}" for name in names) + "\n}\n"
        self.members = [(name, members[name]) for name in names]

    def views(self):
        for adapter in sorted(self.adapters, key=str.encode):
            views = self.adapters[adapter]["materialized_views"]
            for name in sorted(views, key=str.encode):
                yield (adapter, name), views[name], self.find({"adapter": adapter, "view": name})[1]


def text_of(value):
    """A text, which stands in base64 where it might be none; others are what they are."""
    if isinstance(value, dict) and set(value) == {"b64"}:
        try:
            return base64.b64decode(value["b64"]).decode()
        except UnicodeDecodeError as wrong:
            raise Refused("a text that is not UTF-8") from wrong
    return value


def time_of(text):
    """A time as it is recorded: UTC, whole seconds. The calendar is the same every 400 years, and datetime begins at 1."""
    year, rest = int(text[:4]), text[4:]
    like = year % 400 + 400
    utc = datetime.datetime.fromisoformat(f"{like:04}{rest}").astimezone(datetime.timezone.utc)
    if not 0 <= (year := year + utc.year - like) <= 9999:
        raise Refused(f"{text} is not within the years 0000 to 9999")
    return f"{year:04}{utc:-%m-%dT%H:%M:%SZ}"


def answer(question, machine):
    given = question["document"]
    try:
        text = base64.b64decode(given["b64"]).decode() if isinstance(given, dict) else given
        file = Lockfile(machine, text)
    except (Refused, UnicodeDecodeError) as why:
        return {"load": {"error": str(why)}, "ops": [], "document": given}
    done = []
    for one in question["ops"]:
        do = getattr(file, "do_" + one["op"], None)
        if do is None:
            done.append({"op": one["op"], "unknown": True})
            continue
        try:
            one = {name: time_of(value) if name == "now" else text_of(value) for name, value in one.items()}
            done.append({"op": one["op"], "error": None, **(do(one) or {})})
        except Refused as why:
            done.append({"op": one["op"], "error": str(why)})
    return {"load": {"error": None}, "ops": done, "document": file.text}


def main():
    machine = json.loads((pathlib.Path(__file__).parent / "machine.json").read_text())
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), machine)), flush=True)


if __name__ == "__main__":
    main()
# SPDX-License-Identifier: Apache-2.0
