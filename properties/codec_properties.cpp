// Text, quoting, the two readers, near misses, containers.

#include <array>

#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/codec.hpp"
#include "laws/splice.hpp"
#include "reference/plain_document.hpp"

namespace agentslock::properties {
namespace {

void every_text_is_quoted_right(const law_choice& chosen) {
  const std::string text = *any_text();
  hold(chosen, "a_quoted_text_says_the_text", [&] { return laws::a_quoted_text_says_the_text(text); });
}

void a_written_section_says_the_value(const law_choice& chosen) {
  const lockfile file = reference::restored(*any_lockfile());
  hold(chosen, "reading_a_written_section_gives_the_value",
       [&] { return laws::reading_a_written_section_gives_the_value(file); });
}

void both_readers_agree(const law_choice& chosen) {
  const std::string text = rarely(3) ? *almost_json() : *any_json();
  hold(chosen, "two_readers_of_json_agree", [&] { return laws::two_readers_of_json_agree(text); });
}

void a_document_is_read_as_the_twin_reads_it(const law_choice& chosen) {
  const spelled_document document = *any_document();
  const std::string text = document.text();
  hold(chosen, "the_codec_reads_as_the_plain_reader", [&]() -> laws::breach {
    const auto read = lock_document::parse(text_buffer(text), "document");
    if (!read) return read.error().message();
    const auto expected = reference::adapters_in(*laws::read_json(text));
    const auto really = reference::plain(read->adapters);
    if (really == expected) return laws::kept;
    return "it is\n" + to_string(really) + "and not\n" + to_string(expected);
  });
}

void prefixes_are_refused(const law_choice& chosen) {
  const std::string text = (*any_document()).text();
  hold(chosen, "every_prefix_of_a_document_is_refused",
       [&] { return laws::every_prefix_of_a_document_is_refused(text); });
}

void documents_may_arrive_in_pieces(const law_choice& chosen) {
  const std::string text = (*any_document()).text();
  hold(chosen, "an_arriving_document_is_the_whole_one",
       [&] { return laws::an_arriving_document_is_the_whole_one(text); });
}

void near_misses_are_refused(const law_choice& chosen) {
  const near_miss document = *any_near_miss();
  hold(chosen, "a_near_miss_is_refused",
       [&] { return laws::a_near_miss_is_refused(document.text, document.expected); });
}

void containers_are_edited_as_planned(const law_choice& chosen) {
  const laws::container_change change = *any_container_change();
  hold(chosen, "a_container_has_the_planned_items",
       [&] { return laws::a_container_has_the_planned_items(change); });
}

/// Edits at random places of a text, in random order.
void every_splice_keeps_its_laws(const law_choice& chosen) {
  const std::string base = *any_json();
  splice edited{text_buffer(base)};
  std::vector<text_edit> edits;
  std::size_t at = 0;
  while (at < base.size() && edits.size() < 6) {
    const std::size_t begin = at + below(base.size() - at + 1);
    const std::size_t end = begin + below(std::min<std::size_t>(base.size() - begin, 4) + 1);
    edits.push_back({{begin, end},
                     rarely(4) ? base.substr(begin, end - begin)
                               : one_of(std::vector<std::string>{"", "x", "\xC3\xA9"})});
    at = end + 1;
  }
  while (!edits.empty()) {
    const auto next = edits.begin() + static_cast<std::ptrdiff_t>(below(edits.size()));
    edited.replace(next->span, next->text);
    edits.erase(next);
  }
  hold_all(chosen, laws::splice_laws(), edited);
}

constexpr std::array codec_laws{
    property{"every_text_is_quoted_right", 1000, 50, every_text_is_quoted_right},
    property{"a_written_section_says_the_value", 400, 50, a_written_section_says_the_value},
    property{"both_readers_agree", 3000, 50, both_readers_agree},
    property{"a_document_is_read_as_the_twin_reads_it", 1000, 50, a_document_is_read_as_the_twin_reads_it},
    property{"prefixes_are_refused", 30, 50, prefixes_are_refused},
    property{"documents_may_arrive_in_pieces", 100, 50, documents_may_arrive_in_pieces},
    property{"near_misses_are_refused", 600, 50, near_misses_are_refused},
    property{"containers_are_edited_as_planned", 2000, 50, containers_are_edited_as_planned},
    property{"every_splice_keeps_its_laws", 1000, 50, every_splice_keeps_its_laws},
};

}  // namespace

std::span<const property> codec_properties() {
  return codec_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
