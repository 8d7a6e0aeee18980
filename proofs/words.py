"""What a line of a trace says, and by which steps of the model that can be: see code_trace.py."""

# What a line says, and by which steps of the model that can be.
MOVES = ["takes over what a dead holder left, moves it aside", "reclaims what is stale, moves it aside",
         "moves its sidecar aside", "the Go tool steals what has come into the sidecar's place, unseen",
         "the Go tool moves aside what has its place", "the Go tool moves its sidecar aside"]
REMOVES = ["finds that it is the one it saw, and removes it", "finds that it is its own, and removes it",
           "the Go tool removes what it has moved aside", "the Go tool removes what is another, as its place is taken",
           "the Go tool removes its own"]
PUTS_BACK = ["finds that it is another, and puts it back", "finds that it is not its own, and puts it back",
             "the Go tool puts back what is another", "the Go tool puts back what is not its own"]
FINDS_GONE = ["finds that a sweep has removed it", "finds that a sweep has removed it already",
              "the Go tool finds that a sweep has removed it"]
LOOKS = ["looks at who has the sidecar", "looks whether the sidecar is its own", "sees that the sidecar is another's",
         "looks again, and returns success", "looks whether the sidecar is its own still",
         "finds nothing of its own to let go"]
WORDS = {
    "enters the queue": ["enters the queue"],
    "finds no queue": ["finds no queue"],
    "claims": ["claims", "the Go tool claims"],
    "moves aside the sidecar": MOVES,
    "removes the sidecar": REMOVES + ["the Go tool sweeps all that stands aside"],
    "puts back the sidecar": PUTS_BACK,
    "finds the place of the sidecar taken": ["finds that it is another, and its place is taken",
                                             "finds that it is not its own, and its place is taken", *FINDS_GONE],
    "finds that what it moved aside is gone": FINDS_GONE,
    "sweeps the sidecar": ["the Go tool sweeps all that stands aside"],
    "looks at the sidecar": LOOKS,
    "finds no sidecar": ["finds nothing of its own to let go"],
    "finds no sidecar to move": ["finds nothing of its own to let go", "the Go tool finds no sidecar of its own to move"],
    "reads the document": ["reads the document", "an editor reads the document"],
    "writes the new document aside and syncs it": ["writes the new document aside and syncs it"],
    "looks at the document, which is the one it read": ["looks whether the document is the one it read"],
    "looks at the document, which is the one it wrote": ["looks again, and returns success"],
    "looks at the document, which is another one": [],
    "renames": ["renames", "the Go tool renames"],
    "replaces the document": ["an editor replaces the document"],
    "syncs the directory": ["syncs the directory"],
    "leaves the queue": ["leaves the queue"],
    "is killed": ["is killed"],
    "is paused until its lease is over": ["is paused until its lease is over"],
    "has a sidecar that is 30 s old now": ["has a sidecar that is 30 s old now"],
    "returns success": [],
    "returns that the outcome is uncertain": [],
    "returns an error": [],
    "have ended": [],
}
# Where a line may also be no step of the model: places of the process. None: anywhere.
NO_STEP = {
    "looks at the document, which is the one it wrote": {"synced"},  # the look at the sidecar that follows is the step
    "looks at the document, which is another one": {"saw_sidecar", "synced", "ended"},  # it gives up then
    "looks at the sidecar": {"ended"},                        # where the look at the document was the step
    "finds no sidecar": {"queued", "staged", "synced", "ended"},  # it claims again, or gives up
    "finds no sidecar to move": {"watching", "queued", "start", "ended"},  # the Go tool's, too
    "finds the place of the sidecar taken": {"took", "let_go"},  # the Go tool removes it then
    "finds that what it moved aside is gone": {"let_go", "done"},  # the Go tool sweeps then
    "reads the document": {"claimed"},                        # it changed meanwhile, and is read again
    "is killed": {"start", "done"},
    "is paused until its lease is over": {"left", "let_go", "ended", "done"},
    "has a sidecar that is 30 s old now": {"dead", "done", "left", "let_go"},
    "returns success": None, "returns that the outcome is uncertain": None, "returns an error": None, "have ended": None,
}
# What nobody sees, by kind.
UNSEEN = {"ours": ["waits", "gives up waiting", "looks whether its lease is over", "gives up",
                   "says that the outcome is uncertain"],
          "go": ["the Go tool sees a stale sidecar", "the Go tool finds its place empty", "gives up", "the Go tool ends its write"],
          "editor": []}
UNSEEN["plain"] = UNSEEN["ours"] + ["leaves the queue"]
# Of these, what sees how things stand at any moment, and not only where a line of the process itself comes next.
SEEN_AT_ANY_TIME = {"go": ["the Go tool sees a stale sidecar"]}
KINDS = {"ours": "ours", "ours without a queue": "plain", "go tool": "go", "editor": "editor", "first holder": "go",
         "dead holder": "go"}
# SPDX-License-Identifier: Apache-2.0
