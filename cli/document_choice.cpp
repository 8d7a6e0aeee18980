#include "document_choice.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/filesystem.hpp>
#include <memory>

#include "agentslock/io/sidecar_lock.hpp"
#include "discovery.hpp"
#include "document_kinds.hpp"
#include "environment.hpp"
#include "unopened_document.hpp"

namespace agentslock::cli {
namespace {

/// Holds off the signals that end a command while it may hold the lock.
void hold_off_signals(bool hold) {
  static sigset_t as_before;
  sigset_t endings;
  sigemptyset(&endings);
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&endings, signal);
  if (hold) {
    pthread_sigmask(SIG_BLOCK, &endings, &as_before);
  } else {
    pthread_sigmask(SIG_SETMASK, &as_before, nullptr);
  }
}

}  // namespace

result<> choose_document(common_options& options) {
  if (options.document.empty()) options.document = from_environment("AGENTSLOCK_DOCUMENT");
  if (!options.document.empty()) {
    const auto place = read_place(options.document);
    if (place) return {};
    options.document.clear();
    return place.error();
  }
  auto found = find_document(trusted_users());
  if (!found) return found.error();
  options.document = std::move(*found);
  options.found_above = options.document != usual_document_name;
  return {};
}

lockfile_store document_of(const common_options& options) {
  const auto place = read_place(options.document);
  if (!place) return lockfile_store(std::make_shared<unopened_document>(std::string(), place.error()));
  if (*place) return lockfile_store(document_at(**place));
  store_options how;
  how.lock.on_hold = hold_off_signals;
  return lockfile_store(options.document, how);
}

std::string name_anywhere(const std::string& document) {
  if (is_kept_elsewhere(document)) return document;
  boost::system::error_code gone;
  const auto here = boost::filesystem::current_path(gone);
  // In a directory that is no more, only what was said is known.
  return gone ? document : boost::filesystem::absolute(document, here).lexically_normal().native();
}

result<> check_is_file(const common_options& options, std::string_view why_not) {
  const auto place = read_place(options.document);
  if (!place) return place.error();
  if (!*place) return {};
  return error(errc::invalid_argument,
               fmt::format("{} lives in {}: {}", options.document, (*place)->kind->engine, why_not));
}

error missing_document(const std::string& path) {
  return {errc::document_missing, fmt::format("there is no document {}", path)};
}

result<loaded_lockfile> load_existing(const lockfile_store& store) {
  auto loaded = store.load();
  if (loaded && !loaded->existed()) return missing_document(store.path());
  return loaded;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
