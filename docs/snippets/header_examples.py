#!/usr/bin/env python3
"""Makes one source of the examples in the public headers, or in a page, so that the compiler reads them as a reader does.

    header_examples.py OUTPUT HEADER...
    header_examples.py OUTPUT PAGE.md

An example is an indented part of a comment, or a block of C++ in a page. It becomes the body of a function of its own, whose parameters are what the
example takes from around it: they stand in TAKES, by the header's name. DATA names the headers that show no code.
"""
import pathlib
import re
import sys

LIFECYCLE = "const lockfile_store& store, presence_source& views, view_validator& judge, view_builder& build"
KERNEL = "lockfile& file, timestamp now"
TAKES = {
    "adapters_codec": "const text_buffer& text, std::size_t name_at, std::size_t value_at, splice& into, "
                      "const json_layout& layout, timestamp now",
    "atomic_write": "platform on, const std::string& path, std::span<const std::string_view> pieces",
    "cached_lockfile": "const lockfile_store& store",
    "cutover": KERNEL + ", lockfile& now_file, std::string_view source, std::string_view new_digest, "
               "std::span<const cutover_verdict> verdicts",
    "cutover_document": LIFECYCLE + ", std::string source, std::string schema",
    "digest": "bool (*more)(), std::string_view (*piece)()",
    "document_store": "const document_store& documents, std::string_view new_text",
    "entry_places": "const text_buffer& text, std::string_view path",
    "error": "const lockfile_store& store, std::string_view source, std::string_view schema",
    "json_text": "const json_layout& layout, line_indent indent",
    "json_walk": "std::string_view text",
    "lock_document": "const text_buffer& text, std::string_view path, std::string_view source, std::string_view schema, "
                     "timestamp now",
    "lockfile": "std::string_view source, std::string_view schema, std::string_view view_digest, "
                "std::span<const dependency> depends_on, presence_query ask_the_store, timestamp now",
    "lockfile_store": "std::string_view source, std::string_view schema, std::string_view json, timestamp now",
    "text_arrival": "std::string_view bytes, text_arrival& arrival, std::size_t at, void (*use)(char)",
    "merge": "const lockfile& base, const lockfile& ours, const lockfile& theirs, view_key key",
    "merge_document": "std::string_view base, std::string_view ours, std::string_view theirs, line_merge merge_lines",
    "missed_bump": KERNEL,
    "operation": KERNEL,
    "etcd_documents": "std::string_view source, std::string_view schema",
    "postgres_documents": "pg_conn* connection, std::string_view source, std::string_view schema, "
                          "function_ref<result<>(lockfile&)> record_the_build",
    "postgres_moment": "pg_conn* connection, schemas_read built_from, timestamp now",
    "postgres_presence": "std::span<const std::string_view> names_of_views",
    "query_gate": KERNEL,
    "rebuild_document": LIFECYCLE,
    "reconcile_document": "const lockfile_store& store",
    "recover_document": LIFECYCLE,
    "refusal": KERNEL + ", std::string_view source, std::string_view schema",
    "sidecar_lock": "platform on, std::string_view path, function_ref<result<>()> check, function_ref<result<>()> put, "
                    "function_ref<bool()> is_seen",
    "sqlite_presence": "std::span<const std::string_view> names_of_views",
    "validate_document": LIFECYCLE,
    "view_facts": "std::string command, std::string directory, const program_limits& limits, program_output_visitor output",
    "view_work": "bool (*reads_well)(const view_facts&)",
    "waiting": KERNEL,
}
PAGES = {
    "etcd": "",
    "postgresql": "PGconn* connection, void (*build)(PGconn*), "
                  "function_ref<result<>(lockfile&)> (*record)(const result<stored_view>&)",
}
DATA = {"lifetime", "presence", "sidecar_identity"}

HEAD = """// Made of the examples in the public headers.
#include <span>
#include <string>
#include <string_view>

"""
# What the examples do with what they were told.
USES = """
namespace agentslock {
namespace {

template <class... Told>
void report(const Told&...) {}

"""


def examples_of(text):
    """The indented parts of the comments, each after an empty line of its comment; not those that show JSON."""
    parts = re.findall(r"^ *///\n((?: *///     .*\n(?: *///\n(?= *///     ))?)+)", text, re.M)
    examples = [re.sub(r"^ */// ?", "", part, flags=re.M).rstrip() for part in parts]
    return [one for one in examples if not one.lstrip().startswith("{")]


def function(name, number, takes, example):
    return f"[[maybe_unused]] result<> {name}_{number}({takes}) {{\n{example}\n    return {{}};\n}}\n"


def write(output, includes, functions):
    text = HEAD + includes + USES + "\n".join(functions) + "\n}  // namespace\n}  // namespace agentslock\n"
    if not output.exists() or output.read_text() != text:
        output.write_text(text)


def of_page(output, page):
    """Its blocks include what they need."""
    blocks = re.findall(r"^```cpp\n(.*?)^```", page.read_text(), re.S | re.M)
    includes = sorted({line for block in blocks for line in re.findall(r"^#include .*$", block, re.M)})
    functions = [function(page.stem, number, PAGES[page.stem], re.sub(r"^#include .*$", "", block, flags=re.M).strip())
                 for number, block in enumerate(blocks)]
    if not functions:
        sys.exit(f"header_examples: no example in {page}")
    write(output, "".join(f"{line}\n" for line in includes), functions)


def main():
    output, headers = pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]
    if headers[0].suffix == ".md":
        return of_page(output, headers[0])
    functions, names = [], set()
    for header in headers:
        if header.stem in DATA:
            continue
        for number, example in enumerate(examples_of(header.read_text())):
            names.add(header.stem)
            functions.append(function(header.stem, number, TAKES.get(header.stem, ""), example))
    left = set(TAKES) - names
    if left or not functions:
        sys.exit(f"header_examples: no example in {', '.join(sorted(left))}")
    includes = "".join(f'#include "{header.as_posix().split("/include/")[1]}"\n' for header in headers)
    return write(output, includes, functions)


main()
# SPDX-License-Identifier: Apache-2.0
