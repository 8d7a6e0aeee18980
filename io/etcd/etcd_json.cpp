#include "etcd_json.hpp"

#include <openssl/evp.h>

#include <charconv>
#include <memory>

namespace agentslock {
namespace {

namespace json = boost::json;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  // The library ends what it writes with a NUL.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<text_buffer> from_base64(std::string_view text) {
  if (text.empty()) return text_buffer();
  const std::shared_ptr<char[]> bytes(new char[text.size() / 4 * 3 + 3]);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.get()), bytes_of(text),
                                   static_cast<int>(text.size()));
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  const bool is_padded_within = text.substr(0, text.size() - padding).find('=') != text.npos;
  if (size < static_cast<int>(padding) || text.size() % 4 != 0 || is_padded_within) return std::nullopt;
  return text_buffer(bytes, static_cast<std::size_t>(size) - padding);
}

const json::object& object_in(const json::object& in, std::string_view name) {
  static const json::object none;
  const auto* const found = in.if_contains(name);
  const auto* const object = found == nullptr ? nullptr : found->if_object();
  return object == nullptr ? none : *object;
}

const json::array& array_in(const json::object& in, std::string_view name) {
  static const json::array none;
  const auto* const found = in.if_contains(name);
  const auto* const array = found == nullptr ? nullptr : found->if_array();
  return array == nullptr ? none : *array;
}

std::string_view text_in(const json::object& in, std::string_view name) {
  const auto* const found = in.if_contains(name);
  const auto* const text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::int64_t number_in(const json::object& in, std::string_view name) {
  const std::string_view text = text_in(in, name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
