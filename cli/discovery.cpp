#include "discovery.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "agentslock/io/sidecar_lock.hpp"

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

enum class symlinks : std::uint8_t { followed, not_followed };

/// What the system says of a path; nothing when nothing is there.
result<std::optional<struct stat>> stat_of(const fs::path& path, symlinks how) {
  struct stat found {};
  const int failed = how == symlinks::followed ? ::stat(path.c_str(), &found) : ::lstat(path.c_str(), &found);
  if (failed == 0) return std::optional(found);
  const boost::system::error_code why(errno, boost::system::system_category());
  if (why.value() == ENOENT || why.value() == ENOTDIR) return std::optional<struct stat>();
  return error(why.value() == EACCES ? errc::access_denied : errc::io_failed,
               fmt::format("could not look at {}: {}; name the document with --document", path.native(),
                           why.message()),
               why);
}

using users = std::span<const uid_t>;

result<> check_owner(const fs::path& document, users trusted, std::string_view what, const struct stat& of) {
  if (std::ranges::count(trusted, of.st_uid) > 0) return {};
  return error(errc::access_denied,
               fmt::format("{} is not taken: {} belongs to user {}, whom this one does not trust; if it is "
                           "the right document, name it with --document",
                           document.native(), what, of.st_uid));
}

/// Whether a document that was found above may be taken.
result<> check_trust(const fs::path& document, users trusted, const struct stat& found) {
  const bool is_symlink = S_ISLNK(found.st_mode);
  if (auto fine = check_owner(document, trusted, is_symlink ? "the symlink" : "it", found); !fine)
    return fine;
  const auto directory = stat_of(document.parent_path(), symlinks::followed);
  if (!directory) return directory.error();
  if (*directory) {
    if (auto fine = check_owner(document, trusted, "its directory", **directory); !fine) return fine;
  }
  if (!is_symlink) return {};
  const auto target = stat_of(document, symlinks::followed);
  if (!target) return target.error();
  return *target ? check_owner(document, trusted, "what the symlink leads to", **target) : result<>();
}

}  // namespace

std::vector<uid_t> trusted_users() {
  std::vector<uid_t> all{::geteuid(), 0};
  const char* const caller = all.front() == 0 ? std::getenv("SUDO_UID") : nullptr;
  if (caller != nullptr) {
    const std::string_view digits(caller);
    uid_t user = 0;
    const auto [end, fault] = std::from_chars(digits.begin(), digits.end(), user);
    if (fault == std::errc() && end == digits.end()) all.push_back(user);
  }
  return all;
}

result<std::string> find_document(std::span<const uid_t> trusted) {
  boost::system::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  for (fs::path directory = here; !directory.empty(); directory = directory.parent_path()) {
    // What is here is seen even where a directory above may not be searched.
    const bool is_here = directory == here;
    const fs::path beside = is_here ? fs::path() : directory;
    const fs::path document = beside / usual_document_name;
    const auto found = stat_of(document, symlinks::not_followed);
    if (is_here) {
      // What is wrong with it is for whoever opens it to say.
      if (!found || *found) break;
    } else if (!found) {
      return found.error();
    } else if (*found) {
      if (const auto fine = check_trust(document, trusted, **found); !fine) return fine.error();
      return document.native();
    }
    const auto git = stat_of(beside / ".git", symlinks::not_followed);
    if (!git) return git.error();
    if (*git || directory == directory.parent_path()) break;
  }
  return std::string(usual_document_name);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
