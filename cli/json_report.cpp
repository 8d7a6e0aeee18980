#include "json_report.hpp"

#include <utility>

#include "agentslock/kernel/detail/utf8.hpp"
#include "shortened.hpp"

namespace agentslock::cli {

std::string as_utf8(std::string_view text) {
  std::string fit;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size <= 4 && size <= text.size() && !is_utf8(text.substr(0, size)))
      ++size;
    const bool bad = size > 4 || size > text.size();
    if (bad) size = 1;
    fit.append(bad ? std::string_view("\uFFFD") : text.substr(0, size));
    text.remove_prefix(size);
  }
  return fit;
}

const json_layout& layout_of(json_form form) {
  static const json_layout indented;
  static const json_layout one_line{"", "", ":", "", ""};
  return form == json_form::indented ? indented : one_line;
}

json_report::json_report(json_form form) : write_(layout_of(form), "") {
  write_.begin_object();
  number("format_version", format_version);
}

void json_report::text(std::string_view name, std::string_view value) {
  write_.name(name);
  write_.string(as_utf8(value));
}

void json_report::number(std::string_view name, std::size_t value) {
  write_.name(name);
  write_.value(std::to_string(value));
}

void json_report::boolean(std::string_view name, bool value) {
  write_.name(name);
  write_.value(value ? "true" : "false");
}

void json_report::text_or_null(std::string_view name, std::string_view value) {
  write_.name(name);
  if (value.empty()) {
    write_.value("null");
  } else {
    write_.string(as_utf8(value));
  }
}

void json_report::view(view_key key) {
  write_.begin_object();
  text("adapter", shortened(key.adapter));
  text("view", shortened(key.view));
  write_.end_object();
}

void json_report::failure(const error& why) {
  write_.name("error");
  write_.begin_object();
  text("code", name(why.code()));
  text("message", why.message());
  if (why.refused_as()) text("refused_as", name(*why.refused_as()));
  if (why.position()) {
    number("line", why.position()->line);
    number("column", why.position()->column);
  }
  write_.end_object();
}

std::string json_report::finish() && {
  write_.end_object();
  return std::move(write_).text() + "\n";
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
