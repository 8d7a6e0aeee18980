#include "script_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/detail/json_walk.hpp"

namespace agentslock::cli {
namespace {

/// The bytes that base64 with padding stands for; nothing when it is none.
std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  unsigned bits = 0;
  unsigned count = 0;
  for (char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> count & 0xFF));
    }
  }
  return bytes;
}

}  // namespace

result<script_value> script_value::parse(std::string_view text, std::string_view path) {
  const json_walker walk(text);
  const auto object = walk.document([&](const json_string&, std::size_t at) { return walk.skip(at, 1); });
  if (!object) return to_error(object.error(), text, path);
  return script_value(object->in(text), "the script");
}

error script_value::type_error(std::string_view type) const {
  return {errc::invalid_argument, fmt::format("{} must be {}", name_, type)};
}

result<std::string> script_value::text() const {
  if (json_.starts_with('"')) return unquote(json_);
  if (is_object()) {
    const auto parts = members();
    if (!parts) return parts.error();
    const auto encoded = parts->find("b64");
    if (parts->size() == 1 && encoded != parts->end() && encoded->second.json_.starts_with('"')) {
      if (auto bytes = decode_base64(unquote(encoded->second.json_))) return std::move(*bytes);
    }
  }
  return type_error("a text");
}

result<bool> script_value::boolean() const {
  if (json_ == "true") return result<bool>(true);
  if (json_ == "false") return result<bool>(false);
  return type_error("true or false");
}

result<std::vector<script_value>> script_value::items() const {
  std::vector<script_value> all;
  if (is_null()) return all;
  if (!json_.starts_with('[')) return type_error("a list");
  const json_container list = list_container(json_, 0);
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    all.push_back(script_value(list.items[i].value.in(json_), fmt::format("{}[{}]", name_, i)));
  }
  return all;
}

result<member_map> script_value::members() const {
  member_map all;
  if (!is_object()) return type_error("an object");
  for (const auto& item : list_container(json_, 0).items) {
    const script_value value(item.value.in(json_), fmt::format("\"{}\"", item.name));
    if (!all.emplace(item.name, value).second) {
      return error(errc::invalid_argument, fmt::format("{} has \"{}\" twice", name_, item.name));
    }
  }
  return all;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
