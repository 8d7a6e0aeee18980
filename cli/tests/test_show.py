"""show: what a person sees of a document."""
import datetime
import unittest

from support import DOCUMENT, CommandTest, lockfile, many_views, view


def log(hours, trigger):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours, minutes=5)
    return {"state_history": [{"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": "ready", "trigger": trigger}]}


class Show(CommandTest):
    def test_counts_stand_in_the_head_and_times_are_relative(self):
        self.write(DOCUMENT, lockfile(comp={"所有者": view("ready", "d", **log(2, "registered")),
                                            "paths": view("pending-rebuild", "d", **log(72, "recompat-pass")),
                                            "x": view("ready", "d")}, crg={}))
        self.assertEqual(self.expect(2, "show"), """\
.agentsrc.lock: 2 adapters, 3 views: 2 ready, 1 pending-rebuild
  comp  paths     … pending-rebuild  3 d ago  recompat-pass  needs a rebuild
  comp  x         ✓ ready
  comp  所有者    ✓ ready            2 h ago  registered
  crg   no views
""")
        self.assertEqual(self.expect(2, "status"), self.expect(2, "show"))

    def test_json_tells_the_time_itself(self):
        recorded = log(2, "registered")
        self.write(DOCUMENT, lockfile(comp={"v": view("ready", "d", **recorded)}))
        [one] = self.json_of(0, "show")["adapters"][0]["views"]
        self.assertEqual(one["since"], recorded["state_history"][0]["at"])

    def test_documents_without_anything(self):
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertEqual(self.expect(0, "show"), ".agentsrc.lock: 0 adapters, no views\n")

    def test_ten_thousand(self):
        self.write(DOCUMENT, many_views())
        text = self.expect(0, "show")
        self.assertTrue(text.startswith(".agentsrc.lock: 2 adapters, 10000 views: 10000 ready\n"))
        self.assertEqual(text.count("\n"), 10_002)
        self.assertIn("adapter cmp is not in .agentsrc.lock; did you mean comp?", self.expect(1, "show", "--adapter", "cmp"))


if __name__ == "__main__":
    unittest.main()
