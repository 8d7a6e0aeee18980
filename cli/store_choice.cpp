#include "store_choice.hpp"

#include <fmt/format.h>

#include <boost/filesystem.hpp>
#include <memory>
#include <utility>

#include "agentslock/io/sqlite_listing.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "document_choice.hpp"
#include "document_kinds.hpp"
#include "environment.hpp"
#include "libsqlite.hpp"
#include "postgres_store.hpp"

namespace agentslock::cli {
namespace {

constexpr std::string_view sqlite_word = "sqlite:";
constexpr std::string_view postgres_word = "postgres:";

struct store_place {
  bool is_postgres = false;
  /// The directory, or the connection string.
  std::string where;
};

bool is_postgres_uri(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

result<store_place> chosen_store(const common_options& options) {
  const std::string name = named_store(options);
  if (is_postgres_uri(name)) return store_place{true, name};
  if (name == postgres_word) return store_place{true, from_environment(database_variable)};
  if (name.starts_with(postgres_word)) return store_place{true, name.substr(postgres_word.size())};
  if (name.starts_with(sqlite_word) && name.size() > sqlite_word.size()) {
    const boost::filesystem::path directory = name.substr(sqlite_word.size());
    // Boost appends what is absolute, too.
    if (!options.found_above || directory.is_absolute()) return store_place{false, directory.native()};
    return store_place{false, (boost::filesystem::path(options.document).parent_path() / directory).native()};
  }
  // What follows a scheme that we do not know may be a secret: it is not repeated.
  const std::string scheme = name.substr(0, name.find(':'));
  return error(
      errc::invalid_argument,
      name.empty()
          ? "name the store with --store sqlite:DIRECTORY or postgres:[CONNECTION], or in AGENTSLOCK_STORE"
          : fmt::format("--store takes sqlite:DIRECTORY or postgres:[CONNECTION], and \"{}\" is neither",
                        scheme));
}

}  // namespace

std::string named_store(const common_options& options) {
  return options.store.empty() ? from_environment("AGENTSLOCK_STORE") : options.store;
}

result<std::unique_ptr<presence_source>> open_store(const common_options& options) {
  auto place = chosen_store(options);
  if (!place) return place.error();
  if (place->is_postgres) return open_postgres(place->where);
  if (const auto loaded = load_libsqlite(); !loaded) return loaded.error();
  return std::unique_ptr<presence_source>(std::make_unique<sqlite_presence>(std::move(place->where)));
}

result<std::unique_ptr<store_listing>> open_contents(const common_options& options) {
  auto place = chosen_store(options);
  if (!place) return place.error();
  if (place->is_postgres) return open_postgres_contents(place->where);
  if (const auto loaded = load_libsqlite(); !loaded) return loaded.error();
  return std::unique_ptr<store_listing>(std::make_unique<sqlite_listing>(std::move(place->where)));
}

result<std::string> absolute_store(const common_options& options) {
  const std::string name = named_store(options);
  if (name.empty()) return std::string();
  const auto place = chosen_store(options);
  if (!place) return place.error();
  // The program connects by it; what is in the environment it has.
  if (place->is_postgres) return name;
  return std::string(sqlite_word) + boost::filesystem::absolute(place->where).lexically_normal().native();
}

result<reconciled> run_pass(const common_options& options, reconcile_mode mode) {
  auto place = chosen_store(options);
  if (!place) return place.error();
  const auto document = read_place(options.document);
  if (!document) return document.error();
  if (*document && place->is_postgres && (*document)->kind->open == open_postgres_documents &&
      place->where == from_environment(database_variable)) {
    return reconcile_in_postgres((*document)->key, mode);
  }
  auto views = open_store(options);
  if (!views) return views.error();
  return reconcile_document(document_of(options), **views, mode);
}

std::string store_from_here(const common_options& options) {
  const auto place = chosen_store(options);
  if (!place) return {};
  if (!place->is_postgres) return std::string(sqlite_word) + place->where;
  // It is printed, and what it says may be a secret.
  return named_store(options) == postgres_word ? std::string(postgres_word) : "postgres:CONNECTION";
}

result<std::string> digest_in_store(const common_options& options, view_key key) {
  auto views = open_store(options);
  if (!views) return views.error();
  auto stored = (*views)->find(key);
  if (!stored) return stored.error();
  if (!*stored) {
    return error(errc::invalid_argument,
                 fmt::format("the store has no view {}: build it first", to_string(key)));
  }
  return std::move(**stored);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
