"""status --html: the page, as a browser shows it and as a file."""
import html
import os
import pathlib
import subprocess
import unittest

from browser import Browser
from support import COMMAND, DOCUMENT, ENVIRONMENT, CommandTest, lockfile, many_views, view

# Where people find the pictures after a test.
PICTURES = pathlib.Path(os.environ["BUILD_DIRECTORY"]) / "status_page"
EVIL = "<script>alert(1)</script>\"'&\x1b[2J</td></svg><img src=x onerror=alert(1)>"
STATUSES = ("ready", "pending-rebuild", "pending-recompat-check", "dsl-update-required")


def on(adapter, digest=None):
    return {"adapter": adapter, "schema_digest": digest or f"sha256:{adapter}", "version": "1.2"}


def log(*steps):
    """A log with a day from each step, (status, trigger), to the next."""
    entries = []
    for day, (to, trigger) in enumerate(steps, 1):
        before = {"from": entries[-1]["to"]} if entries else {}
        entries.append({"at": f"2026-07-0{day}T12:00:00Z", **before, "to": to, "trigger": trigger})
    return entries


LOG = log(("ready", "registered"), ("pending-recompat-check", "dependee-bump:crg@2"),
          ("dsl-update-required", "recompat-fail"), ("pending-rebuild", "recompat-pass"))
SMALL = lockfile(
    crg={"files": view("ready", "d", state_history=LOG[:1])},
    comp={"callers": view("pending-rebuild", "d", depends_on=[on("crg"), on("tags")], state_history=LOG),
          "missed": view("ready", "d", depends_on=[on("crg", "sha256:gone")]),
          "owners": view("ready", "d", depends_on=[on("crg")]),
          "paths": view("pending-recompat-check", "d", depends_on=[on("crg", "sha256:old")], state_history=LOG[:2]),
          "summary": view("dsl-update-required", "d", depends_on=[on("crg", "sha256:old")], state_history=LOG[:3])},
    docs={"pages": view("ready", "d", depends_on=[on("comp"), on("crg")]),
          "所有者の一覧" * 8: view("ready", "d", depends_on=[on("comp")]),
          "a_name_that_only_a_generator_would_write_" * 4: view("ready", "d", depends_on=[on("comp")])},
    report={"weekly": view("pending-rebuild", "d", depends_on=[on("docs")]),
            "odd": view("Ready!", "d", depends_on=[on("docs"), on("nowhere")]),
            EVIL: view("ready", "d", depends_on=[on("comp")], state_history=log(("ready", EVIL)))},
    # Two that read from each other, and one from itself.
    left={"v": view("ready", "d", depends_on=[on("right")])},
    right={"v": view("ready", "d", depends_on=[on("left"), on("right")])}, empty={})
LARGE = lockfile(crg={}, tags={}, **{
    f"adapter{i:02}": {f"view_{j:03}": view(STATUSES[(i + j) % 4 if j % 5 == 0 else 0], "d", state_history=LOG,
                                            depends_on=[on("crg")] + [on(f"adapter{i - 3:02}")] * (i > 3 and j % 3 == 0))
                       for j in range(30)} for i in range(10)})

# The pairs of text and background whose contrast is too low for reading (WCAG 2, AA).
LOW_CONTRAST = """(() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) {
    const back = getComputedStyle(e).backgroundColor; if (!back.startsWith('rgba(0, 0, 0, 0')) return back; }
    return getComputedStyle(document.body).backgroundColor; };
  const low = [];
  for (const e of document.querySelectorAll('h1, h2, p, li, td, th, summary, span, svg text')) {
    const drawn = e.closest('svg') !== null;
    let back = behind(e);
    if (drawn) for (const r of e.closest('svg').querySelectorAll('rect')) {
      const [a, b] = [r.getBBox(), e.getBBox()];
      if (b.x >= a.x && b.x < a.x + a.width && b.y >= a.y && b.y < a.y + a.height) back = getComputedStyle(r).fill; }
    const style = getComputedStyle(e);
    const [x, y] = [light(drawn ? style.fill : style.color), light(back)].sort((a, b) => b - a);
    if ((x + 0.05) / (y + 0.05) < 4.5) low.push([e.className.baseVal || e.className || e.tagName, (x + 0.05) / (y + 0.05)]); }
  return low; })()"""

# What is wider than the place that it has: the page, a cell, a name in its box, a drawing on its paper.
OVERFLOWS = """(() => {
  const bad = [];
  if (document.documentElement.scrollWidth > innerWidth) bad.push('the page');
  for (const e of document.querySelectorAll('td, th, li, p, h1')) if (e.scrollWidth > e.clientWidth + 1) bad.push(e.textContent);
  for (const svg of document.querySelectorAll('svg')) {
    const paper = svg.viewBox.baseVal;
    const rects = [...svg.querySelectorAll('rect')].map(r => r.getBBox());
    for (const t of svg.querySelectorAll('text')) {
      const b = t.getBBox();
      if (b.x < 0 || b.x + b.width > paper.width || b.y < 0 || b.y + b.height > paper.height) bad.push(t.textContent);
      for (const r of rects)
        if (b.x >= r.x && b.x < r.x + r.width && b.y >= r.y && b.y < r.y + r.height && b.x + b.width > r.x + r.width)
          bad.push(t.textContent); }
    for (const p of svg.querySelectorAll('path, rect')) {
      const b = p.getBBox();
      if (b.x < 0 || b.x + b.width > paper.width || b.y < 0 || b.y + b.height > paper.height) bad.push(p.outerHTML); } }
  return bad; })()"""


class Seen(CommandTest):
    """What a browser makes of it."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        PICTURES.mkdir(exist_ok=True)

    def page(self, document, code):
        self.write(DOCUMENT, document)
        self.expect(code, "status", "--html", "page.html")
        return self.directory / "page.html"

    def texts(self, selector):
        return self.browser.value(f"[...document.querySelectorAll({selector!r})].map(e => e.textContent)")

    def test_nothing_is_cut_off_light_or_dark_wide_or_narrow(self):
        for name, document in (("small", SMALL), ("large", LARGE), ("empty", lockfile())):
            page = self.page(document, 0 if name == "empty" else 3)
            for scheme in ("light", "dark"):
                for width in (1280, 700, 390):
                    with self.subTest(name, scheme=scheme, width=width):
                        self.browser.open(page, width=width, scheme=scheme)
                        self.browser.value("document.querySelectorAll('details').forEach(e => e.open = true)")
                        self.assertEqual(self.browser.value(OVERFLOWS), [])
                        if width == 1280:
                            self.assertEqual(self.browser.value(LOW_CONTRAST), [])
                            self.browser.value("document.querySelectorAll('details').forEach(e => e.open = false)")
                            self.browser.screenshot(PICTURES / f"{name}-{scheme}.png")
        self.assertEqual(self.browser.errors, [])
        # A picture in which nothing is drawn is small.
        self.assertGreater((PICTURES / "large-dark.png").stat().st_size, 100_000)

    def test_light_and_dark_are_two(self):
        page = self.page(SMALL, 3)
        backs = []
        for scheme in ("light", "dark"):
            self.browser.open(page, scheme=scheme)
            backs.append(self.browser.value("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(backs, ["rgb(255, 255, 255)", "rgb(20, 23, 28)"])

    def test_it_says_what_the_document_says(self):
        self.browser.open(self.page(SMALL, 3))
        self.assertEqual(self.texts(".counts li"), ["8 ready", "2 pending-rebuild", "2 pending-recompat-check",
                                                    "1 dsl-update-required", "1 (unrecognised text)"])
        rows = {row[0]: row[1:] for row in self.browser.value(
            "[...document.querySelectorAll('tbody tr')].map(r => [...r.querySelectorAll('td')].map("
            "c => (c.querySelector('summary') || c).textContent)).filter(r => r.length)")}
        self.assertEqual(len(rows), 13)  # two are called v
        self.assertEqual(rows["callers"], ["… pending-rebuild", "recompat-pass 2026-07-04T12:00:00Z", "a rebuild"])
        self.assertEqual(rows["missed"], ["? ready, but missed a bump", "dependee schema changed: crg",
                                          "validation and a rebuild"])
        self.assertEqual(rows["odd"], ['! "Ready!"', "nothing recorded", "reconciliation, then a rebuild"])
        self.assertEqual(rows["owners"], ["✓ ready", "nothing recorded", ""])
        self.assertIn("empty", self.texts("tbody th")[3])
        self.assertIn("no views", self.texts("tbody th")[3])

    def test_a_timeline_is_folded_in_and_opens(self):
        self.browser.open(self.page(SMALL, 3))
        first = "document.querySelector('details')"
        self.assertFalse(self.browser.value(f"{first}.querySelector('.log').checkVisibility()"))
        self.browser.value(f"{first}.querySelector('summary').click()")
        self.assertTrue(self.browser.value(f"{first}.querySelector('.log').checkVisibility()"))
        lines = self.browser.value(f"[...{first}.querySelectorAll('li')].map(e => e.textContent)")
        self.assertEqual(lines[0], "2026-07-04T12:00:00Z ✗ dsl-update-required → … pending-rebuild recompat-pass")
        self.assertEqual(lines[3], "2026-07-01T12:00:00Z ✓ ready registered")
        self.assertEqual(lines[4:], ["reads from crg@1.2 sha256:crg is active",
                                     "reads from tags@1.2 sha256:tags the document has no entry for it"])

    def test_the_pictures_show_the_machine_and_what_reads_from_what(self):
        self.browser.open(self.page(SMALL, 3))
        machine, graph = self.browser.value("[...document.querySelectorAll('svg')].map(s => "
                                            "[...s.querySelectorAll('text')].map(t => t.firstChild.data))")
        for cause in ("registered", "dependee bumped", "validation passed", "validation failed", "rebuilt", "tables absent",
                      "digest mismatch", "invalid status"):
            self.assertIn(cause, machine)
        self.assertEqual(machine.count("validation passed"), 2)
        for shown in ("comp/summary", "comp/missed", "report/odd", "and 3 more", "8 views"):
            self.assertIn(shown, machine)
        for shown in ("crg", "tags", "nowhere", "empty", "weekly", "✗"):
            self.assertIn(shown, graph)
        arrows, outdated, missing = self.browser.value(
            "['.line', '.line.outdated', '.missing'].map(s => document.querySelectorAll('svg')[1].querySelectorAll(s).length)")
        # docs reads from comp as a whole; all else one by one.
        self.assertEqual((arrows, outdated, missing), (15, 5, 2))

    def test_what_is_too_much_for_a_picture_is_said(self):
        self.browser.open(self.page(LARGE, 3))
        self.assertIn("and 21 more", self.texts("svg .more"))
        many = lockfile(**{f"a{i:02}": {"v": view("ready", "d", depends_on=[on("a41")])} for i in range(42)})
        self.browser.open(self.page(many, 0))
        self.assertEqual(len(self.texts("svg .card")), 40)
        self.assertIn("2 more adapters are left out, and the arrows to them.", self.texts("main > p")[0])

    def test_names_are_text_and_nothing_else(self):
        page = self.page(SMALL, 3)
        self.browser.open(page)
        self.assertEqual(self.browser.value("document.querySelectorAll('script, img, iframe, link, a').length"), 0)
        self.assertEqual(self.browser.value(
            "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"), 0)
        self.assertIn(EVIL.replace("\x1b", "\\x1b"), self.texts("td.name"))
        self.assertNotIn("\x1b", page.read_text())
        self.assertNotIn(EVIL[:20], page.read_text())

    def test_its_policy_lets_no_script_and_no_request_through(self):
        page = self.page(SMALL, 3)
        self.assertIn("default-src 'none'; style-src 'unsafe-inline'", html.unescape(page.read_text()))
        # The same page, were a name to get through.
        page.write_text(page.read_text().replace("<main>", "<main><script>document.title = 'taken'</script><img src=x.png>"))
        browser = Browser()
        self.addCleanup(browser.close)
        browser.open(page)
        self.assertEqual(browser.value("document.title"), f"{DOCUMENT} – agentslock")
        self.assertGreater(len(browser.errors), 1)


class Written(CommandTest):
    """Where it goes."""

    def test_to_a_file_with_a_line_about_it(self):
        self.write(DOCUMENT, SMALL)
        self.assertEqual(self.expect(3, "show", "--html", "a page.html"),
                         ".agentsrc.lock: 14 views: 8 ready, 2 pending-rebuild, 2 pending-recompat-check, "
                         "1 dsl-update-required, 1 (unrecognised text), in a page.html\n")
        self.assertEqual(self.json_of(3, "show", "--html", "b.html")["page"], "b.html")
        self.assertEqual(self.files(), [DOCUMENT, "a page.html", "b.html"])

    def test_to_standard_output(self):
        self.write(DOCUMENT, SMALL)
        page = self.expect(3, "status", "--html", "-")
        self.assertTrue(page.startswith("<!doctype html>\n") and page.endswith("</html>\n"))
        self.assertIn("both want standard output", self.expect(1, "status", "--html", "-", "--json"))
        self.assertEqual(self.expect(3, "status", "--html", "/dev/stdout")[:15], "<!doctype html>")

    def test_whole_or_not_at_all_through_a_symlink_with_its_mode(self):
        self.write(DOCUMENT, lockfile(a={}))
        (self.directory / "site").mkdir()
        old = self.write("site/page.html", "old")
        os.chmod(old, 0o604)
        os.symlink("site/page.html", self.directory / "link.html")
        self.expect(0, "status", "--html", "link.html")
        self.assertTrue(os.path.islink(self.directory / "link.html"))
        self.assertEqual(os.stat(old).st_mode & 0o777, 0o604)
        self.assertEqual(self.files("site"), ["page.html"])
        self.assertIn("<h1>", (self.directory / "site/page.html").read_text())

    def test_what_can_not_be_written_is_said_and_nothing_is_left(self):
        self.write(DOCUMENT, lockfile(a={}))
        before = (self.directory / DOCUMENT).read_bytes()
        self.expect(4, "status", "--html", "nowhere/page.html")
        self.assertIn(". is a directory", self.expect(4, "status", "--html", "."))
        os.symlink(DOCUMENT, self.directory / "same")
        for name in (DOCUMENT, f"./{DOCUMENT}", "same"):
            self.assertIn("is the document", self.expect(1, "status", "--html", name))
        self.expect(1, "status", "--html", "")
        self.expect(1, "status", "--html", "x", "--adapter", "a")
        full = subprocess.run([COMMAND, "status", "--html", "/dev/full"], cwd=self.directory, env=ENVIRONMENT,
                              capture_output=True, timeout=60)
        self.assertEqual(full.returncode, 4, full.stderr)
        self.assertEqual((self.directory / DOCUMENT).read_bytes(), before)
        self.assertEqual(self.files(), [DOCUMENT, "same"])

    def test_documents_without_anything_and_none(self):
        self.expect(4, "status", "--html", "page.html")
        self.assertEqual(self.files(), [])
        for document in ({}, {"lock_version": 1, "adapters": {}}):
            self.write(DOCUMENT, document)
            self.assertIn("The document records no views.", self.expect(0, "status", "--html", "-"))

    def test_ten_thousand_and_long_names(self):
        self.write(DOCUMENT, many_views())
        self.assertEqual(self.expect(0, "status", "--html", "-").count("<details>"), 10_000)
        self.write(DOCUMENT, lockfile(**{"z" * 50_000: {f"v{i}": view("ready") for i in range(1000)}}))
        self.assertLess(len(self.expect(0, "status", "--html", "-")), 1_000_000)


if __name__ == "__main__":
    unittest.main()
# SPDX-License-Identifier: Apache-2.0
