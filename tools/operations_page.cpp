#include <fmt/format.h>

#include "markdown.hpp"
#include "operation_forms.hpp"
#include "pages.hpp"

namespace agentslock::docs {
namespace {

/// What a member of a script's operation may be, in words.
std::string in_words(const cli::member_form& member) {
  switch (member.kind) {
    case cli::member_kind::text:
      return "a text";
    case cli::member_kind::text_or_null:
      return "a text or null";
    case cli::member_kind::boolean:
      return "true or false";
    case cli::member_kind::json:
      return "any JSON value";
    case cli::member_kind::time:
      return "a time, as RFC 3339 spells it";
    case cli::member_kind::objects: {
      std::vector<std::string> parts;
      for (const cli::member_form& item : member.items)
        parts.push_back(fmt::format("{} ({}{})", quoted(item.name), in_words(item),
                                    item.is_required ? "" : ", or missing"));
      return fmt::format("a list of objects of {}", fmt::join(parts, ", "));
    }
    case cli::member_kind::texts_by_name:
      return "an object: adapters' names, and to each a text or null";
    case cli::member_kind::presence:
      return "an object: `{ADAPTER: {VIEW: digest or null}}`";
  }
  return "";
}

}  // namespace

std::string operations_page() {
  std::string text = fmt::format(
      "<!-- {} -->\n\n# The operations of a script\n\n"
      "`agentslock apply SCRIPT` runs a JSON object with the member `ops`, a list of these operations, under "
      "one lock. Its form "
      "is [a JSON schema](apply.schema.json), made from the code, too. Times are the time of the run "
      "where `now` is missing. "
      "A text that is no UTF-8 stands as `{{\"b64\": its bytes in base64}}`. `facts` is the token that a "
      "validator or a builder was "
      "given: the operation is refused when the facts about the view have changed since. The examples, one "
      "after the other, are a "
      "script that runs on an empty document.\n",
      origin);
  for (const cli::operation_form& form : cli::operation_forms()) {
    text += fmt::format("\n## {}\n\nIt {}.\n\n", form.name, form.does);
    std::vector<row> rows;
    for (const cli::member_form& member : form.members)
      rows.push_back({quoted(member.name), in_words(member), member.is_required ? "yes" : "no"});
    if (!rows.empty()) text += markdown({"member", "is", "needed"}, rows) + "\n";
    text += fmt::format("```json\n{}\n```\n", form.example);
  }
  return text;
}

}  // namespace agentslock::docs
// SPDX-License-Identifier: Apache-2.0
