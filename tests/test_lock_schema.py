"""schema/agentsrc-lock.schema.json says what the library says: of its samples, of the corpora, and of every member with every kind of
value and in every spelling that is near."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

COMMAND = os.environ["AGENTSLOCK"]
SOURCE = pathlib.Path(__file__).resolve().parents[1]
SCHEMA = json.loads((SOURCE / "schema/agentsrc-lock.schema.json").read_text())
CHECK = jsonschema.Draft7Validator(SCHEMA)
SAMPLES = SOURCE / "schema/samples"

# What a schema is not asked about, by the code of the library's error: it is not JSON to begin with, or a reader has taken away what
# is wrong with it before a schema sees it.
NOT_A_SCHEMA_S = {
    "not_json": "a schema is about JSON: bytes that are no UTF-8, half surrogates, a text that ends too early",
    "conflict_marks": "they are not JSON", "wrong_encoding": "it is not JSON", "lfs_pointer": "it is not JSON", "encrypted": "it is not JSON",
    "too_deep": "a limit of ours, which no schema can count",
    "too_large": "a limit of ours, which no schema can count",
    "number_out_of_range": "a limit of ours on how a number is spelt, which a schema does not see",
    "repeated_name": "of names that stand twice a schema sees one",
}


def answers(documents):
    """What the library says of each document: nothing when it takes it, else the code of its error."""
    with tempfile.TemporaryDirectory() as directory:
        paths = [pathlib.Path(directory) / str(number) for number in range(len(documents))]
        for path, document in zip(paths, documents):
            path.write_bytes(document)
        done = subprocess.run([COMMAND, "sweep"], input="".join(f"{path}\n" for path in paths).encode(), capture_output=True)
    assert not done.stderr, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(documents)
    return [line.get("error", {}).get("code") for line in lines]


class Says(unittest.TestCase):
    def compare(self, documents):
        """Holds both against each other; returns how often each answer was given."""
        count = {}
        for document, code in zip(documents, answers(documents)):
            count[code] = count.get(code, 0) + 1
            if code in NOT_A_SCHEMA_S:
                continue
            try:
                value = json.loads(document)
            except ValueError:  # something else was wrong with it before that
                self.assertIsNotNone(code, document[:2000])
                continue
            self.assertEqual(CHECK.is_valid(value), code is None, (document[:2000], code))
        return count

    def test_it_is_a_schema_that_describes_all_and_is_open(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        for part in [SCHEMA, *SCHEMA["definitions"].values()]:
            self.assertNotIn("required", part)
            self.assertTrue(part["description"])
            for member in part["properties"].values():
                self.assertTrue(member["description"].endswith("."))

    def test_samples(self):
        for kind, takes in (("valid", True), ("invalid", False)):
            paths = sorted((SAMPLES / kind).iterdir())
            self.assertGreater(len(paths), 8)
            texts = [path.read_bytes() for path in paths]
            self.assertEqual([CHECK.is_valid(json.loads(text)) for text in texts], [takes] * len(paths))
            self.assertEqual([code is None for code in answers(texts)], [takes] * len(paths))

    def test_corpora(self):
        documents = []
        for path in sorted((SOURCE / "fuzz").glob("*/fuzz_adapters/*")):
            documents += [b'{\n  "adapters": ' + section + b"\n}\n" for section in path.read_bytes().split(b"\0")]
        sections = len(documents)
        self.assertGreater(sections, 200)
        documents += [path.read_bytes().split(b"\0")[0] for path in sorted((SOURCE / "fuzz").glob("*/fuzz_document/*"))]
        self.assertGreater(len(documents), sections + 200)
        count = self.compare(documents)
        for code in (None, "wrong_type", "name_differs_in_case", "not_json", "repeated_name"):
            self.assertGreater(count.get(code, 0), 0, code)

    def test_documents_of_the_go_tool(self):
        documents = [path.read_bytes() for path in sorted((SOURCE / "tests/vectors").glob("*/*.lock"))]
        self.assertGreater(len(documents), 50)
        self.assertGreater(self.compare(documents).get(None, 0), 50)

    def places(self):
        """Each object of ours, as a function that makes a document of it, and the names of its members."""
        def adapter(one):
            return {"adapters": {"a": one}}

        def view(one):
            return adapter({"materialized_views": {"v": one}})
        return [(lambda one: one, SCHEMA["properties"]), (adapter, SCHEMA["definitions"]["adapter"]["properties"]),
                (view, SCHEMA["definitions"]["view"]["properties"]),
                (lambda one: view({"depends_on": [None, one]}), SCHEMA["definitions"]["dependency"]["properties"]),
                (lambda one: view({"state_history": [one, {}]}), SCHEMA["definitions"]["transition"]["properties"])]

    def test_every_member_with_every_kind_of_value(self):
        values = [None, "", "x", "ready", "2026-07-01T12:00:00Z", 0, 1, 1.0, 2, -1.5, True, False, [], [None], [{}], [[]], ["x"], {}, {"x": None},
                  {"x": {}}, {"x": "y"}, {"": {}}]
        documents = []
        for make, names in self.places():
            documents += [json.dumps(make(one)).encode() for one in values]
            documents += [json.dumps(make({name: one})).encode() for name in [*names, "unknown"] for one in values]
        count = self.compare(documents)
        self.assertGreater(min(count[None], count["wrong_type"]), 100)

    def test_every_spelling_that_is_near(self):
        documents = []
        for make, names in self.places():
            for name in names:
                near = {name.upper(), name.capitalize(), name[:-1] + name[-1].upper(), name + "\n", name.upper() + "\n", "\n" + name.upper(), name + " ",
                        name[:-1], name.replace("_", ""), name.upper() + "x", "x" + name.upper(), name.replace("e", "\u00e9"), name.replace("i", "\u0131"),
                        *(name.replace(a, b, 1) for a in "sk" for b in ("\u017f", "\u212a")), name.replace("s", "\u017f"),
                        name.upper().replace("S", "\u017f"), *(name[:i] + name[i].upper() + name[i + 1:] for i in range(len(name)))}
                documents += [json.dumps(make({one: value}), ensure_ascii=ascii).encode()
                              for one in sorted(near) for value in ("x", None) for ascii in (True, False)]
                documents.append(json.dumps(make({name.upper(): "x", name: None})).encode())
        count = self.compare(documents)
        self.assertGreater(min(count[None], count["name_differs_in_case"]), 100)

    def test_each_exception_is_one(self):
        texts = {"not_json": b'{"x": "\\ud800"}', "too_deep": b'{"x": ' + b"[" * 2500 + b"]" * 2500 + b"}",
                 "repeated_name": b'{"adapters": {}, "adapters": {}}', "number_out_of_range": b'{"x": 1e99999999999}',
                 "conflict_marks": b"<<<<<<< a\n{}\n=======\n{}\n>>>>>>> b\n", "wrong_encoding": "{}".encode("utf-16")}
        self.assertEqual(answers(list(texts.values())), list(texts))


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
