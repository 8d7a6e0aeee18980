"""The small faults that mutate.py puts into a source, found in Clang's syntax tree.

comparison   == and !=, < and >, && and || for each other; + and - too
boundary     < and <=, > and >= for each other
negation     a condition negated, a negation taken out
constant     an integer plus one, true and false for each other
removed      a statement that is an expression, taken out
swapped      two neighbouring arguments of one type, for each other; not of min and max
default      a returned value replaced by {}

What says the same by its very form is none: {} in the place of a null pointer, or of an enumerator that is 0.
"""
import collections

from clang import cindex
from clang.cindex import CursorKind as kind

OTHER = {"==": ("comparison", "!="), "!=": ("comparison", "=="), "&&": ("comparison", "||"), "||": ("comparison", "&&"),
         "+": ("comparison", "-"), "-": ("comparison", "+")}
ORDER = {"<": (">", "<="), ">": ("<", ">="), "<=": (">=", "<"), ">=": ("<=", ">")}
# Of a pointer, a verdict or an optional these are the default already.
DEFAULTS = (b"{}", b"std::nullopt", b"nullptr", b"false", b"0")
STATEMENTS = (kind.CALL_EXPR, kind.BINARY_OPERATOR, kind.COMPOUND_ASSIGNMENT_OPERATOR, kind.UNARY_OPERATOR)


class Mutation:
    """One place changed: bytes from `begin` to `end` become `text`."""

    def __init__(self, what, source, begin, end, text):
        self.what, self.begin, self.end, self.text = what, begin, end, text
        self.old = source[begin:end].decode()
        line = source.rfind(b"\n", 0, begin) + 1
        self.line = source[line:source.find(b"\n", begin)].decode().strip()
        self.column = begin - line
        self.number = 1  # of those in the source that are called so

    def applied(self, text):
        source = text.encode()
        return (source[:self.begin] + self.text.encode() + source[self.end:]).decode()

    def __str__(self):
        return f"{self.line} [{self.what}: {' '.join(self.old.split())} -> {' '.join(self.text.split())}, at {self.column}]" + \
            (f" number {self.number}" if self.number > 1 else "")


def of(path, arguments):
    """All mutations of a source, in the order of their places."""
    source = path.read_bytes()
    words = [word for word in arguments[1:] if not word.startswith("-W")]
    unit = cindex.Index.create().parse(str(path), args=words)
    errors = [one.spelling for one in unit.diagnostics if one.severity >= cindex.Diagnostic.Error]
    if errors:
        raise RuntimeError(f"{path}: {errors[0]}")
    found = []
    walk(unit.cursor, str(path), source, found, False)
    unique = {(one.begin, one.end, one.text): one for one in found}
    called = collections.Counter()
    for place in sorted(unique):
        one = unique[place]
        called[one_name := str(one)] += 1
        one.number = called[one_name]
    return [unique[place] for place in sorted(unique)]


def walk(cursor, path, source, found, in_function):
    for child in cursor.get_children():
        where = child.location
        if where.file is not None and where.file.name != path:
            continue
        inside = in_function or child.kind in (kind.COMPOUND_STMT, kind.LAMBDA_EXPR)
        # A static assertion that fails does not compile: what the compiler checks is no mutant.
        if child.kind == kind.STATIC_ASSERT:
            continue
        if inside:
            mutate(cursor, child, source, found)
        walk(child, path, source, found, inside)


def place(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def operator_of(cursor, source):
    """(operator, where it begins) of a binary expression, between its two sides."""
    sides = list(cursor.get_children())
    if len(sides) != 2:
        return None, 0
    begin, end = sides[0].extent.end.offset, sides[1].extent.start.offset
    text = source[begin:end].decode()
    word = text.strip()
    return word, begin + len(text) - len(text.lstrip())


def is_zero_enumerator(value):
    """Whether an expression is the enumerator that its enumeration's {} is. One that is converted is another expression."""
    named = value.referenced if value.kind == kind.DECL_REF_EXPR else None
    return named is not None and named.kind == kind.ENUM_CONSTANT_DECL and named.enum_value == 0


def mutate(parent, cursor, source, found):
    def add(what, begin, end, text):
        if begin < end and source[begin:end].decode() != text:
            found.append(Mutation(what, source, begin, end, text))

    begin, end = place(cursor)
    if cursor.kind == kind.BINARY_OPERATOR:
        word, at = operator_of(cursor, source)
        if word in OTHER:
            add(OTHER[word][0], at, at + len(word), OTHER[word][1])
        elif word in ORDER:
            add("comparison", at, at + len(word), ORDER[word][0])
            add("boundary", at, at + len(word), ORDER[word][1])
    elif cursor.kind == kind.UNARY_OPERATOR and source[begin:begin + 1] == b"!":
        add("negation", begin, begin + 1, "")
    elif cursor.kind == kind.INTEGER_LITERAL:
        if source[begin:end].isdigit():
            add("constant", begin, end, str(int(source[begin:end]) + 1))
    elif cursor.kind == kind.CXX_BOOL_LITERAL_EXPR:
        add("constant", begin, end, "false" if source[begin:end] == b"true" else "true")
    elif cursor.kind == kind.RETURN_STMT and list(cursor.get_children()):
        # A defaulted operator returns without a word.
        value = list(cursor.get_children())[0]
        returned = source[begin:end].startswith(b"return") and source[begin:end][6:].strip()
        if returned and returned not in DEFAULTS and not is_zero_enumerator(value):
            add("default", begin, end, "return {}")
    elif cursor.kind in (kind.IF_STMT, kind.WHILE_STMT):
        condition = list(cursor.get_children())[0]
        first, last = place(condition)
        if condition.kind not in (kind.DECL_STMT, kind.VAR_DECL) and b"\n" not in source[begin:first]:
            add("negation", first, last, f"!({source[first:last].decode()})")
    if parent.kind == kind.COMPOUND_STMT and cursor.kind in STATEMENTS:
        add("removed", begin, end, "(void)0")
    # An operator that is a function says the same of its sides in the other order, and so do these.
    if cursor.kind == kind.CALL_EXPR and not cursor.spelling.startswith("operator") and cursor.spelling not in ("min", "max"):
        given = list(cursor.get_arguments())
        for one, other in zip(given, given[1:]):
            if one.type.get_canonical().spelling == other.type.get_canonical().spelling:
                (a, b), (c, d) = place(one), place(other)
                if begin <= a < b <= c < d <= end:
                    swapped = source[c:d] + source[b:c] + source[a:b]
                    add("swapped", a, d, swapped.decode())
# SPDX-License-Identifier: Apache-2.0
