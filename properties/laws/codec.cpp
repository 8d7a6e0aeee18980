#include "codec.hpp"

#include <algorithm>
#include <memory>

#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/detail/utf8.hpp"
#include "json_tree.hpp"
#include "shown.hpp"

namespace agentslock::laws {
namespace {

/// A text that arrives line by line, each when it is wanted, until `stops_at`. What has not arrived is something else.
class line_by_line final : public text_arrival {
 public:
  line_by_line(std::string_view all, std::size_t stops_at)
      : all_(all.substr(0, stops_at)),
        bytes_(std::make_shared<char[]>(all.size() + 1, '"')),
        size_(all.size()) {}

  [[nodiscard]] text_buffer text() const { return {bytes_, size_}; }

 private:
  void bring_beyond(std::size_t at) override {
    std::size_t now = arrived();
    const std::size_t before = now;
    while (now <= at && now < all_.size())
      now = std::min(all_.find('\n', now), all_.size() - 1) + 1;
    std::ranges::copy(all_.substr(before, now - before), bytes_.get() + before);
    if (now == all_.size()) {
      ended(now);
    } else {
      reached(now);
    }
  }

  std::string_view all_;
  std::shared_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace

breach a_quoted_text_says_the_text(std::string_view text) {
  const std::string quoted = quote(text);
  if (quoted != go_string(text)) return shown(text) + " is quoted as " + quoted;
  if (unquote(quoted) != text) return quoted + " says " + shown(unquote(quoted));
  return kept;
}

breach reading_a_written_section_gives_the_value(const lockfile& file) {
  for (const json_layout& layout :
       {json_layout{}, json_layout{"", "", ":", "", ""}, json_layout{"\r\n", "\t", ": ", " ", ""}}) {
    json_writer write(layout, "");
    write.begin_object();
    write.name("adapters");
    write_adapters(write, file);
    write.end_object();
    const auto document = lock_document::parse(text_buffer(std::move(write).text()), "written");
    if (!document) return document.error().message();
    if (!(document->adapters == file))
      return "it says something else: " + shown(document->document.text().view());
  }
  return kept;
}

breach every_prefix_of_a_document_is_refused(std::string_view document) {
  const auto tree = read_json(document);
  if (!tree) return "the document is no JSON";
  for (std::size_t size = 0; size < tree->end; ++size) {
    const auto read = lock_document::parse(text_buffer(document.substr(0, size)), "prefix");
    const std::string which = "the prefix of " + std::to_string(size) + " bytes";
    if (read) return which + " is taken";
    if (!read.error().position()) return which + " is refused without a place";
  }
  return kept;
}

breach an_arriving_document_is_the_whole_one(std::string_view document) {
  const auto whole = lock_document::parse(text_buffer(document), "whole");
  line_by_line arrival(document, document.size());
  const auto arrived =
      lock_document::parse(arrival.text(), "arriving", version_rule::only_version_1, arrival);
  if (whole.has_value() != arrived.has_value()) return arrived ? "it is taken" : "it is refused";
  if (!whole) return kept;
  if (!(arrived->adapters == whole->adapters)) return "its adapters are others";
  if (arrived->document.section_names() != whole->document.section_names()) return "its sections are others";
  for (const std::string_view name : whole->document.section_names()) {
    if (arrived->document.section(name) != whole->document.section(name)) return shown(name) + " is another";
  }

  // Before its last brace, or behind it when white space follows.
  const std::size_t brace = document.rfind('}');
  const std::size_t stops_at = brace + 1 < document.size() ? brace + 1 : brace;
  line_by_line cut_off(document, stops_at);
  if (lock_document::parse(cut_off.text(), "cut off", version_rule::only_version_1, cut_off))
    return "the first " + std::to_string(stops_at) + " bytes of it are taken";
  return kept;
}

breach a_near_miss_is_refused(std::string_view document, errc expected) {
  const auto read = lock_document::parse(text_buffer(document), "near miss");
  if (read) return "it is taken";
  if (read.error().code() != expected)
    return "it is " + std::string(name(read.error().code())) + " and not " + std::string(name(expected));
  if (!read.error().position()) return "it is refused without a place";
  return kept;
}

breach two_readers_of_json_agree(std::string_view value) {
  const json_walker walk(value);
  const std::size_t begin = walk.past_space(0);
  const auto end = walk.skip(begin, 0);
  const bool strict = end && walk.past_space(*end) == value.size();
  // Documented: exponents have a limit, and so has nesting, which the plain reader does not know.
  if (!end && end.error().code == errc::number_out_of_range) return kept;
  if (!end && end.error().code == errc::too_deep) {
    const auto opened = std::ranges::count_if(value, [](char c) { return c == '[' || c == '{'; });
    if (static_cast<std::size_t>(opened) > json_depth_max) return kept;
    return shown(value) + " is refused as too deep";
  }
  const bool plain = is_utf8(value) && read_json(value).has_value();
  if (strict == plain) return kept;
  return shown(value) + (strict ? " is taken, and is no JSON" : " is refused, and is JSON");
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
