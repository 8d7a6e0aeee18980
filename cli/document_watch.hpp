// Waiting for a document to change, without its lock and without reading it.
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "change_watch.hpp"

namespace agentslock::cli {

/// Watches the place of a document, whatever stands there: a file that is written or replaced, a symlink, each one that it
/// leads to, or nothing yet. The system tells of changes to the directories in which they stand. What it does not tell of,
/// such as another machine's writes to a network file system, is seen within a second by a look at the file from outside;
/// where the system can't be asked at all, such looks come every tenth of a second.
/// Changes between two calls are seen by the next one. For one thread at a time.
///
///     document_watch watch(path);
///     while (!is_as_wanted(load(path)) && watch.wait_until(deadline)) {}
class document_watch final : public change_watch {
 public:
  explicit document_watch(std::string path);
  document_watch(const document_watch&) = delete;
  document_watch& operator=(const document_watch&) = delete;
  ~document_watch() override;

  [[nodiscard]] bool wait_until(clock::time_point deadline) override;

  /// Whether the system tells of changes.
  [[nodiscard]] bool is_told() const noexcept { return queue_ >= 0; }

 private:
  /// What a file looks like from outside; nothing when there is none, or it can't be looked at.
  using stamp = std::optional<struct stat>;

  [[nodiscard]] stamp look() const;
  [[nodiscard]] bool has_other_stamp();
  void begin();
  void end() noexcept;
  [[nodiscard]] bool read_events();

  std::string path_;
  int queue_ = -1;
  /// The names that count in each directory that is watched.
  std::map<int, std::set<std::string>> names_;
  stamp seen_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
