#include "project_path.hpp"

#include <boost/filesystem.hpp>

#include "document_kinds.hpp"
#include "environment.hpp"

namespace agentslock::cli {

project_path path_in_project(const std::string& document) {
  namespace fs = boost::filesystem;
  if (is_kept_elsewhere(document)) return {document, false};
  boost::system::error_code gone;
  const fs::path here = fs::current_path(gone);
  // In a directory that is no more, only what was said is known.
  if (gone) return {document, false};
  const fs::path whole = fs::absolute(document, here).lexically_normal();
  for (const std::string& root :
       {from_environment("GITHUB_WORKSPACE"), from_environment("CI_PROJECT_DIR"), here.native()}) {
    if (root.empty() || !fs::path(root).is_absolute()) continue;
    const fs::path below = whole.lexically_relative(fs::path(root).lexically_normal());
    if (!below.empty() && *below.begin() != ".." && below != ".") return {below.native(), true};
  }
  return {whole.native(), false};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
