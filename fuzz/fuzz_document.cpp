// A document, and after a NUL the bytes of a change: it is taken when it must be, says what the plain reader says, and
// the change keeps the laws of documents, splices and containers.

#include "../properties/laws/codec.hpp"
#include "../properties/laws/document.hpp"
#include "../properties/laws/json_tree.hpp"
#include "../properties/laws/splice.hpp"
#include "../properties/reference/plain_document.hpp"
#include "harness.hpp"
#include "operation_reader.hpp"
#include "plain_rules.hpp"

using namespace agentslock;
using texts = std::vector<std::string>;

namespace {

laws::document_change read_change(fuzz::byte_reader& bytes, std::string_view document) {
  const texts names{"units", "config", "zz", "A", "q\"<", "\xC3\xA9", "adapters", "lock_version", "\xFF"};
  const texts values{"{}", "null", R"({"b":1.0,"a":[1e5,"<"]})", "[\n1\n]", "\"\\u003c\"", "[1,",
                     "-0", "1 2"};
  laws::document_change change;
  const std::size_t what = bytes.byte();
  change.states_adapters = (what & 1U) != 0;
  for (std::size_t i = what >> 1U & 3U; i > 0; --i) {
    const std::string& name = bytes.one_of(names);
    change.sections[name] = bytes.one_of(values);
  }
  if ((what & 8U) != 0) change.inputs_digest = bytes.one_of(texts{"", "sha256:0a", "<\u2028>", "\xFF"});
  const auto read = lock_document::parse(text_buffer(document), "document");
  if (!read) return change;
  auto now = reference::plain(read->adapters);
  for (std::size_t i = what >> 4U & 7U; i > 0; --i) {
    change.operations.push_back(fuzz::read_operation(bytes, now));
    (void)reference::apply_plainly(now, change.operations.back());
  }
  return change;
}

/// A change of a document in the Go tool's format makes what the rewritten document is.
laws::breach the_edited_document_says_what_the_rewritten_says(const laws::document_step& step) {
  const std::string rewritten = reference::rewritten(step.before, step.change);
  const auto edited = laws::read_json(step.after);
  if (!edited) return "it is no JSON any more";
  if (!(reference::adapters_in(*edited) == reference::adapters_in(*laws::read_json(rewritten))))
    return "it says another thing than " + rewritten;
  if (!laws::is_in_the_go_tools_format(step.before) || step.after == rewritten) return laws::kept;
  return "it is\n" + step.after + "and not\n" + rewritten;
}

/// Whether the document's version lets us read its adapters; in another, anything may stand in their place.
bool is_ours_to_read(std::string_view document) {
  return lock_document::parse(text_buffer(document), "document")->document.check_version().has_value();
}

/// The laws that say nothing about adapters.
void hold_laws_of_sections(const laws::document_step& step) {
  const std::vector<laws::document_law> about_sections{
      {"the_document_stays_well_formed", laws::the_document_stays_well_formed},
      {"whatever_is_not_ours_survives", laws::whatever_is_not_ours_survives},
      {"what_was_staged_is_said", laws::what_was_staged_is_said},
      {"lock_version_comes_with_the_first_change", laws::lock_version_comes_with_the_first_change},
      {"the_edits_keep_the_laws_of_splices", laws::the_edits_keep_the_laws_of_splices},
  };
  fuzz::hold_all(std::span<const laws::document_law>(about_sections), step);
}

/// Every container of the document, outermost first.
void list_containers(const laws::json_node& node, std::vector<const laws::json_node*>& into) {
  if (node.what == laws::json_node::kind::object || node.what == laws::json_node::kind::array)
    into.push_back(&node);
  for (const laws::json_member& one : node.members)
    list_containers(one.value, into);
  for (const laws::json_node& one : node.items)
    list_containers(one, into);
}

void edit_some_container(fuzz::byte_reader& bytes, std::string_view document) {
  const auto tree = laws::read_json(document);
  std::vector<const laws::json_node*> all;
  list_containers(*tree, all);
  const laws::json_node& container = *bytes.one_of(all);
  laws::container_change change{std::string(document), container.begin, {}};
  const bool object = container.what == laws::json_node::kind::object;
  const std::size_t count = object ? container.members.size() : container.items.size();
  for (std::size_t i = 0; i <= count; ++i) {
    const std::size_t choice = bytes.byte();
    for (std::size_t n = 0; n < (choice >> 2U) % 3; ++n)
      change.plan.push_back(planned_item::make(object ? "\"new\":" + std::to_string(i) : "[0,1]"));
    if (i < count && (choice & 3U) != 3) change.plan.push_back(planned_item::keep(i));
  }
  fuzz::hold("a_container_has_the_planned_items", laws::a_container_has_the_planned_items(change));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [document, rest] = fuzz::split(fuzz::as_text(data, size));
  fuzz::hold("two_readers_of_json_agree", laws::two_readers_of_json_agree(document));
  fuzz::hold("a_document_is_taken_exactly_when_it_is_one",
             fuzz::a_document_is_taken_exactly_when_it_is_one(document));
  fuzz::hold("a_document_says_what_the_plain_reader_says",
             fuzz::a_document_says_what_the_plain_reader_says(document));
  fuzz::hold("an_arriving_document_is_the_whole_one", laws::an_arriving_document_is_the_whole_one(document));
  if (!lock_document::parse(text_buffer(document), "document")) return 0;
  constexpr std::size_t short_enough_for_every_prefix = 160;
  if (document.size() <= short_enough_for_every_prefix) {
    fuzz::hold("every_prefix_of_a_document_is_refused",
               laws::every_prefix_of_a_document_is_refused(document));
  }
  fuzz::byte_reader bytes(rest);
  const auto step = laws::take_document_step(document, read_change(bytes, document));
  if (step && !is_ours_to_read(document)) {
    hold_laws_of_sections(*step);
  } else if (step) {
    fuzz::hold_all(laws::document_laws(), *step);
    fuzz::hold("the_edited_document_says_what_the_rewritten_says",
               the_edited_document_says_what_the_rewritten_says(*step));
  }
  if (!bytes.is_empty()) edit_some_container(bytes, document);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
