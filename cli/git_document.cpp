#include "git_document.hpp"

#include <fmt/format.h>

#include "agentslock/io/lock_document.hpp"
#include "git_program.hpp"

namespace agentslock::cli {

bool is_of_git(std::string_view name) noexcept {
  return name.find(':') != name.npos && !name.starts_with('/') && !name.starts_with("./") &&
         !name.starts_with("../");
}

result<std::string> show_by_git(const std::string& name) {
  if (name.starts_with('-') || name.find('\0') != name.npos) {
    return error(
        errc::invalid_argument,
        fmt::format("{} is no REV:PATH of git: such a name may not begin with \"-\" or hold a NUL", name));
  }
  auto answer = run_git({"--no-pager", "show", "--end-of-options", name});
  if (!answer) {
    if (answer.error().code() != errc::too_large) return answer.error();
    return error(errc::too_large, fmt::format("{} is larger than {}, which is no lock document", name,
                                              document_size_max_text));
  }
  if (answer->status != 0) {
    return error(errc::document_missing,
                 fmt::format("git has no document {}: {}; if it is a file, write ./{}", name,
                             answer->errors.empty() ? "it said nothing" : answer->errors, name));
  }
  return std::move(answer->output);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
