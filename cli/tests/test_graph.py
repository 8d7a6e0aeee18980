"""graph: pictures as text."""
import unittest

from support import DOCUMENT, SOURCE, CommandTest, lockfile, many_views, view


def on(adapter, digest):
    return {"adapter": adapter, "schema_digest": digest, "version": "1"}


class Graph(CommandTest):
    def test_the_machine_is_the_pages_picture(self):
        for form, file in (("dot", "state-machine.dot"), ("mermaid", "state-machine.mmd")):
            _, page = (SOURCE / "docs/generated" / file).read_text().split("\n", 1)
            self.assertEqual(self.expect(0, "graph", "machine", "--form", form), page)

    def test_views_point_to_what_they_read_from(self):
        self.write(DOCUMENT, lockfile(comp={"owners": view("ready", depends_on=[on("crg", "sha256:crg")]),
                                            "paths": view("nonsense", depends_on=[on("crg", "sha256:old"), on("tags", ""),
                                                                                  on("crg", "sha256:crg")])}, crg={}))
        self.assertEqual(self.expect(0, "graph"), """\
digraph views {
  rankdir=LR
  node [shape=box]
  subgraph cluster_0 {
    a0 [label="comp", style=bold]
    v0 [label="owners\\n✓ ready", style="rounded,filled", fillcolor="#c8e6c9"]
    v1 [label="paths\\n! \\"nonsense\\"", style="rounded,filled", fillcolor="#ffcdd2"]
  }
  subgraph cluster_1 {
    a1 [label="crg", style=bold]
  }
  a2 [label="tags", style=dashed]
  v0 -> a1
  v1 -> a1 [style=dashed]
  v1 -> a2 [style=dashed]
}
""")
        text = self.expect(0, "graph", "views", "--form", "mermaid")
        for line in ("flowchart LR", '    a0["comp"]', '    v0(["comp/owners<br>✓ ready"]):::ready',
                     '    v1(["comp/paths<br>! #34;nonsense#34;"]):::unrecognised', '    a2["tags"]:::missing',
                     "    v0 --> a1", "    v1 -.-> a1", "    v1 -.-> a2", "    classDef ready fill:#c8e6c9"):
            self.assertIn(line, text.splitlines())

    def test_no_name_ends_a_label(self):
        evil = '"];\n x -> y \\ #quot; <b> `'
        self.write(DOCUMENT, lockfile(**{evil: {evil: view(evil)}}))
        dot = self.expect(0, "graph")
        self.assertIn(r'label="\"];\\x0a x -> y \\\\ #quot; <b> `"', dot)
        self.assertEqual(len(dot.splitlines()), 8)
        mermaid = self.expect(0, "graph", "--form", "mermaid")
        self.assertIn('a0["#34;]#59;#92;x0a x -#62; y #92;#92; #35;quot#59; #60;b#62; #96;"]', mermaid)

    def test_documents_without_anything(self):
        self.assertIn("there is no document", self.expect(4, "graph"))
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(0, "graph"), "digraph views {\n  rankdir=LR\n  node [shape=box]\n}\n")

    def test_ten_thousand_and_long_names(self):
        self.write(DOCUMENT, many_views())
        self.assertEqual(self.expect(0, "graph").count(" -> a1\n"), 10_000)
        self.write(DOCUMENT, lockfile(**{"z" * 50_000: {f"v{i}": view("ready") for i in range(1000)}}))
        for form in ("dot", "mermaid"):
            self.assertLess(len(self.expect(0, "graph", "--form", form)), 2_000_000)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
