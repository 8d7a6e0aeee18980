#include "document_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "etcd_store.hpp"
#include "postgres_store.hpp"
#include "unopened_document.hpp"

namespace agentslock::cli {
namespace {

// clang-format off
constexpr std::array<document_kind, 2> kinds{{
    // how names begin  engine        where the connection comes from                        what opens it
    {"postgres:",       "PostgreSQL", "AGENTSLOCK_DATABASE, else libpq's environment",       open_postgres_documents},
    {"etcd:",           "etcd",       "ETCDCTL_ENDPOINTS and etcdctl's other variables",      open_etcd_documents},
}};
// clang-format on

/// Whether a name begins as a URI does, with a scheme and two slashes.
bool is_uri(std::string_view name) {
  constexpr std::string_view in_schemes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
  const std::size_t end = name.find_first_not_of(in_schemes);
  return end != name.npos && end > 0 && name.substr(end).starts_with("://");
}

}  // namespace

std::span<const document_kind> document_kinds() noexcept {
  return kinds;
}

std::string names_of_documents() {
  return "a path, " + prefixes_of_documents("KEY");
}

std::string prefixes_of_documents(std::string_view rest) {
  std::string names;
  for (const document_kind& one : kinds)
    names += fmt::format("{}{}{}", names.empty() ? "" : " or ", one.word, rest);
  return names;
}

result<std::optional<keyed_place>> read_place(std::string_view document) {
  const auto* const kind =
      std::ranges::find_if(kinds, [&](const document_kind& one) { return document.starts_with(one.word); });
  if (is_uri(document) || (kind != kinds.end() && document.find("password=") != document.npos)) {
    return error(errc::invalid_argument,
                 fmt::format("a document's name is {}, and never a connection: that comes from the "
                             "environment ({})",
                             names_of_documents(), (kind == kinds.end() ? kinds.front() : *kind).connection));
  }
  if (kind == kinds.end()) return std::optional<keyed_place>();
  return std::optional(keyed_place{kind, document.substr(kind->word.size())});
}

result<keyed_place> read_keyed_place(std::string_view name) {
  const auto place = read_place(name);
  if (!place) return place.error();
  if (*place) return **place;
  return error(errc::invalid_argument,
               fmt::format("{} is a path, and this is for documents that are no files: {}", name,
                           prefixes_of_documents("KEY")));
}

bool is_kept_elsewhere(std::string_view document) {
  const auto place = read_place(document);
  return place && place->has_value();
}

std::shared_ptr<const document_store> document_at(const keyed_place& place) {
  const auto all = place.kind->open();
  if (all) return (*all)->document(place.key);
  return std::make_shared<unopened_document>(fmt::format("{}{}", place.kind->word, place.key), all.error());
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
