// The laws of a document on disk, in a directory of its own.

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/filesystem.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/pass.hpp"
#include "laws/store.hpp"

namespace agentslock::properties {
namespace {

/// A directory that goes when the program ends.
class scratch_directory {
 public:
  scratch_directory()
      : path_((boost::filesystem::temp_directory_path() / "agentslock-laws-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory: " + path_);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Another one after every rename into place.
std::string stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "missing";
  return std::to_string(status.st_ino) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

const laws::store_under_test& store_in_a_directory() {
  static const scratch_directory directory;
  static const std::string path = directory / "lock";
  static const laws::store_under_test on{
      lockfile_store(path, {.durable = durability::unsynced}),
      [](std::string_view bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; },
      [] { return bytes_of(path); }, [] { return stamp_of(path); }};
  return on;
}

void every_store_keeps_its_laws(const law_choice& chosen) {
  const laws::store_case given = *any_store_case();
  hold_all(chosen, laws::store_laws(), store_in_a_directory(), given);
}

/// A document, and a store that holds its views, mostly as they are recorded.
laws::pass_case some_pass() {
  const spelled_document document = *any_document();
  laws::pass_case given{document.text(), {}};
  for (const auto& [adapter_name, owner] : document.adapters.adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      const owned_key key(adapter_name, view_name);
      const std::size_t choice = below(8);
      if (choice <= 4) given.held.digests.emplace(key, entry.view_digest);
      if (choice == 5) given.held.digests.emplace(key, "another");
      if (choice == 6 && rarely(4)) given.held.unknown = key;
    }
  }
  return given;
}

void every_pass_keeps_its_laws(const law_choice& chosen) {
  const laws::pass_case given = some_pass();
  hold_all(chosen, laws::pass_laws(), store_in_a_directory(), given);
}

constexpr std::array store_laws{
    property{"every_store_keeps_its_laws", 150, 50, every_store_keeps_its_laws},
    property{"every_pass_keeps_its_laws", 400, 50, every_pass_keeps_its_laws},
};

}  // namespace

std::span<const property> store_properties() {
  return store_laws;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
