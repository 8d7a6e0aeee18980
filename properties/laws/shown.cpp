#include "shown.hpp"

namespace agentslock::laws {
namespace {

std::string listed(const std::vector<owned_dependency>& items) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ", ";
    text += shown(item.adapter) + " at " + shown(item.schema_digest);
    if (!item.version.empty()) text += " version " + shown(item.version);
  }
  return text + "]";
}

std::string word(verdict judged) {
  return judged == verdict::passed ? "passed" : "failed";
}

std::string words(const operations::activate& one) {
  return "activate " + shown(one.adapter) + " from " + shown(one.source_digest) + " at " +
         shown(one.schema_digest);
}

std::string words(const operations::register_view& one) {
  return "register " + shown(one.key) + " digest " + shown(one.view_digest) + " reads " +
         listed(one.depends_on);
}

std::string words(const operations::mark_dependee_bumped& one) {
  return "bump " + shown(one.dependee) + " to " + shown(one.schema_digest) + " version " + shown(one.version);
}

std::string words(const operations::resolve_recompat& one) {
  return "resolve " + shown(one.key) + " " + word(one.judged) + " now reads " + listed(one.new_dependencies);
}

std::string words(const operations::revalidate& one) {
  return "revalidate " + shown(one.key) + " " + word(one.judged) + " now reads " +
         listed(one.new_dependencies);
}

std::string words(const operations::mark_view_rebuilt& one) {
  std::string text = "rebuild " + shown(one.key) + " digest " + shown(one.view_digest);
  if (!one.schemas_read) return text;
  for (const auto& item : *one.schemas_read)
    text += ", read " + shown(item.adapter) + " at " + shown(item.schema_digest);
  return text + (one.schemas_read->empty() ? ", read nothing" : "");
}

std::string words(const operations::remove_view& one) {
  return "remove view " + shown(one.key);
}

std::string words(const operations::remove_adapter& one) {
  return "remove adapter " + shown(one.adapter);
}

std::string words(const operations::reconcile& one) {
  std::string text = "reconcile with {";
  for (const auto& [key, digest] : one.store.digests)
    text += (text.ends_with("{") ? "" : ", ") + shown(key) + ": " + shown(digest);
  if (one.store.unknown) text += " unknown: " + shown(*one.store.unknown);
  return text + "}";
}

std::string words(const operations::cutover& one) {
  std::string text = "cut over " + shown(one.dependee) + " to " + shown(one.schema_digest);
  if (!one.version.empty()) text += " version " + shown(one.version);
  for (const auto& [key, judged, new_dependencies] : one.verdicts) {
    text += "; " + shown(key) + " " + word(judged);
    if (!new_dependencies.empty()) text += " now reads " + listed(new_dependencies);
  }
  for (const auto& item : one.schemas_given)
    text += "; was given " + shown(item.adapter) + " at " + shown(item.schema_digest);
  return text;
}

std::string words(const operations::mark_missed_bumps&) {
  return "mark missed bumps";
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").append(1, c);
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shown(view_key key) {
  return shown(key.adapter) + "/" + shown(key.view);
}

std::string shown(const operation& todo) {
  return std::visit([](const auto& one) { return words(one); }, todo.what) + " at " +
         std::to_string(todo.now.time_since_epoch().count());
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
