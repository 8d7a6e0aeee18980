// What the properties are checked on: lockfiles, scripts, stores, documents of every layout and spelling, near misses.
//
// Every choice shrinks towards the plainest: fewer entries, names from the front of a list, the Go tool's layout, no
// needless escapes. A counterexample is printed as what it is: operations a line, a document's text.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck/Gen.h>

#include "agentslock/kernel/operation.hpp"
#include "laws/document.hpp"
#include "laws/splice.hpp"
#include "laws/store.hpp"
#include "reference/plain_lockfile.hpp"

namespace agentslock::properties {

/// A text: mostly from a list of odd ones, else any characters up to the last plane. Always UTF-8.
[[nodiscard]] rc::Gen<std::string> any_text();

/// An operation that makes sense for a lockfile, with now and then an argument that must be refused.
[[nodiscard]] rc::Gen<operation> operation_on(reference::plain_lockfile file);
/// An operation that changes one view and asks about no other: for a view of this lockfile.
[[nodiscard]] rc::Gen<operation> operation_on_view(reference::plain_lockfile file, owned_key key);
/// Operations one after the other, each made for what the ones before have left.
[[nodiscard]] rc::Gen<std::vector<operation>> script_on(reference::plain_lockfile file,
                                                        std::size_t length_max);

/// Any lockfile that a document can hold, garbled statuses and overlong logs included.
[[nodiscard]] rc::Gen<reference::plain_lockfile> any_lockfile();

/// The same lockfile with one thing left out, each in turn: what a counterexample shrinks to.
[[nodiscard]] std::vector<reference::plain_lockfile> simpler(const reference::plain_lockfile& file);

/// How a document is laid out.
enum class layout : std::uint8_t {
  go,
  four_spaces,
  tabs,
  crlf,
  one_line,
  tight,
  padded,
  no_indent,
  scattered
};

/// A document: what it says, and how that is spelt.
struct spelled_document {
  reference::plain_lockfile adapters;
  /// Sections of others: name and JSON.
  std::vector<std::pair<std::string, std::string>> sections;
  bool has_adapters = true;
  bool has_version = true;
  layout laid_out = layout::go;
  /// Decides all further spelling: order of members, unknown members, escapes, null for empty. 0: the Go tool's.
  std::uint32_t spelling = 0;

  [[nodiscard]] std::string text() const;
};

[[nodiscard]] rc::Gen<spelled_document> any_document();
/// A document that the Go tool could have written.
[[nodiscard]] rc::Gen<spelled_document> go_document();
/// A change of a document: a script on its adapters, sections to stage.
[[nodiscard]] rc::Gen<laws::document_change> change_of(spelled_document document);

/// A JSON value with all kinds of numbers, escapes and nesting.
[[nodiscard]] rc::Gen<std::string> any_json();
/// A JSON value in which a few bytes were changed: mostly no JSON any more.
[[nodiscard]] rc::Gen<std::string> almost_json();

/// A document with one thing wrong, and the error that it must get.
struct near_miss {
  std::string what;
  std::string text;
  errc expected;
};
[[nodiscard]] rc::Gen<near_miss> any_near_miss();

/// A container in a document, and which items it is to have.
[[nodiscard]] rc::Gen<laws::container_change> any_container_change();

/// A document, what we do to it, and what another program does to it.
[[nodiscard]] rc::Gen<laws::store_case> any_store_case();

void showValue(const spelled_document& document, std::ostream& out);
void showValue(const near_miss& document, std::ostream& out);

}  // namespace agentslock::properties

// Found by argument-dependent look-up.
namespace agentslock {
void showValue(const operation& todo, std::ostream& out);
}
namespace agentslock::laws {
void showValue(const document_change& change, std::ostream& out);
void showValue(const container_change& change, std::ostream& out);
void showValue(const store_case& given, std::ostream& out);
}  // namespace agentslock::laws
namespace agentslock::reference {
void showValue(const plain_lockfile& file, std::ostream& out);
}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
