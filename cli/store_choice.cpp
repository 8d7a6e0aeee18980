#include "store_choice.hpp"

#include <fmt/format.h>

#include <boost/filesystem.hpp>
#include <memory>
#include <utility>

#include "agentslock/io/sqlite_listing.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "environment.hpp"

namespace agentslock::cli {
namespace {

/// The directory of the store.
result<std::string> directory_of_store(const common_options& options) {
  const std::string name = named_store(options);
  constexpr std::string_view sqlite_word = "sqlite:";
  if (name.starts_with(sqlite_word) && name.size() > sqlite_word.size()) {
    const boost::filesystem::path directory = name.substr(sqlite_word.size());
    // Boost appends what is absolute, too.
    if (!options.found_above || directory.is_absolute()) return directory.native();
    return (boost::filesystem::path(options.document).parent_path() / directory).native();
  }
  // What follows a scheme that we do not know may be a secret: it is not repeated.
  const std::string scheme = name.substr(0, name.find(':'));
  return error(errc::invalid_argument,
               name.empty() ? "name the store with --store sqlite:DIRECTORY, or in AGENTSLOCK_STORE"
                            : fmt::format("--store takes sqlite:DIRECTORY, and \"{}\" is none", scheme));
}

}  // namespace

std::string named_store(const common_options& options) {
  return options.store.empty() ? from_environment("AGENTSLOCK_STORE") : options.store;
}

result<std::unique_ptr<presence_source>> open_store(const common_options& options) {
  auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return std::unique_ptr<presence_source>(std::make_unique<sqlite_presence>(std::move(*directory)));
}

result<std::unique_ptr<store_listing>> open_contents(const common_options& options) {
  auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return std::unique_ptr<store_listing>(std::make_unique<sqlite_listing>(std::move(*directory)));
}

result<std::string> absolute_store(const common_options& options) {
  if (named_store(options).empty()) return std::string();
  const auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return "sqlite:" + boost::filesystem::absolute(*directory).lexically_normal().native();
}

std::string store_from_here(const common_options& options) {
  const auto directory = directory_of_store(options);
  return directory ? "sqlite:" + *directory : std::string();
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
