// The codec: two texts of an `adapters` section, with a NUL between them. Each is read as the twin reads it, and the value
// of the second is written over the first.

#include "../properties/laws/codec.hpp"
#include "../properties/laws/document.hpp"
#include "agentslock/kernel/detail/utf8.hpp"
#include "harness.hpp"
#include "plain_rules.hpp"

using namespace agentslock;

namespace {

std::string document_with(std::string_view section) {
  return "{\n  \"adapters\": " + std::string(section) + "\n}\n";
}

/// What the document's adapters are; nothing when it is refused.
std::optional<lockfile> read_section(const std::string& document) {
  fuzz::hold("a_document_is_taken_exactly_when_it_is_one",
             fuzz::a_document_is_taken_exactly_when_it_is_one(document));
  fuzz::hold("a_document_says_what_the_plain_reader_says",
             fuzz::a_document_says_what_the_plain_reader_says(document));
  fuzz::hold("every_entry_stands_where_it_is_said_to",
             fuzz::every_entry_stands_where_it_is_said_to(document));
  auto read = lock_document::parse(text_buffer(document), "document");
  if (!read || !read->document.check_version()) return std::nullopt;
  return std::move(read->adapters);
}

void write_over(const std::string& document, const lockfile& value) {
  const auto step = laws::write_over(document, value);
  if (step) fuzz::hold_all(laws::document_laws(), *step);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [first, second] = fuzz::split(fuzz::as_text(data, size));
  if (is_utf8(second)) fuzz::hold("a_quoted_text_says_the_text", laws::a_quoted_text_says_the_text(second));
  const std::string before = document_with(first);
  const auto recorded = read_section(before);
  if (recorded) {
    fuzz::hold("reading_a_written_section_gives_the_value",
               laws::reading_a_written_section_gives_the_value(*recorded));
    write_over(before, lockfile());
  }
  const std::string other = document_with(second);
  const auto wanted = second.empty() ? std::nullopt : read_section(other);
  if (!wanted) return 0;
  if (recorded) write_over(before, *wanted);
  if (recorded) write_over(other, *recorded);
  write_over("{}\n", *wanted);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
