"""Scripts of operations, and applying them."""
from support import NOW, CommandTest


def activate(name, **more):
    return {"op": "activate", "name": name, "source_digest": "s", "schema_digest": "t", "now": NOW, **more}


KEY = {"adapter": "comp", "view": "v"}
SAVE = {"op": "save"}
CUTOVER = {"op": "cutover", "dependee": "crg", "source_digest": "s", "schema_digest": "2"}


class Apply(CommandTest):
    def script(self, *ops, **more):
        return self.write("script.json", {"ops": list(ops), **more})

    def apply(self, code, *ops, keep_going=False, **more):
        """Applies operations, and returns what became of each."""
        return self.json_of(code, "apply", self.script(*ops, **more), *["--keep-going"] * keep_going)["ops"]

    def names(self):
        return sorted(self.document()["adapters"])
# SPDX-License-Identifier: Apache-2.0
