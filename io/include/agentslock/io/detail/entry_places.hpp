/// Where a document's adapters and views stand in its text: for reports that name a line.
///
///     auto parsed = lock_document::parse(text, path);
///     const entry_places places(parsed->document);
///     if (const auto found = places.of_view({"comp", "summary"})) report(found->begin.line, found->begin.column);
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/entries.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// From the first character of a part of a text to the one past its last. A name stands on one line.
struct text_range {
  text_position begin;
  text_position end;

  friend bool operator==(const text_range&, const text_range&) = default;
};

/// The places of one text. Keeps the text alive, and is immutable: safe to read from any thread.
class entry_places {
 public:
  /// Finds them all: each entry's is that of its name, quotes included.
  /// Linear in the bytes, whatever the names are and however long the lines.
  explicit entry_places(const lock_document& document);

  /// Where an entry's name stands; nothing when the document has no such entry. Linear in the name.
  [[nodiscard]] std::optional<text_range> of_adapter(std::string_view name) const;
  [[nodiscard]] std::optional<text_range> of_view(view_key key) const;

 private:
  struct found_places;

  std::shared_ptr<const found_places> found_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
