// The documents that a sweep goes over.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "keyed_documents.hpp"
#include "path_line.hpp"

namespace agentslock::cli {

/// The paths on standard input, as they arrive, or the documents of a database, which are listed at once. `next` and `failure` are for
/// one thread at a time; `open` is for any.
class sweep_list {
 public:
  /// The paths on standard input, each with this character behind it.
  explicit sweep_list(char end);
  /// The documents whose names begin so: "postgres:PREFIX", in byte order of their keys.
  /// Errors: those of read_keyed_place, and of listing them.
  [[nodiscard]] static result<sweep_list> of_documents(const std::string& prefix);

  /// As bounded_lines::next; the names of documents that are no files are whole.
  [[nodiscard]] std::vector<bounded_line> next(std::size_t lines_max);
  [[nodiscard]] boost::system::error_code failure() const noexcept;

  /// The document of a line. Errors: those of check_path_line; document_missing when the line is empty.
  [[nodiscard]] result<lockfile_store> open(const bounded_line& line) const;

 private:
  struct documents;
  explicit sweep_list(std::shared_ptr<documents> listed) : documents_(std::move(listed)) {}

  /// One of the two.
  std::unique_ptr<bounded_lines> paths_;
  std::shared_ptr<documents> documents_;
};

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
