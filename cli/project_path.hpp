// How a host of CI is told where a document is.
#pragma once

#include <string>

namespace agentslock::cli {

struct project_path {
  /// Below the project, or absolute. Bytes, as any path.
  std::string path;
  bool is_below = false;
};

/// Where a document is, seen from the project's root: from the directory that the host names (GITHUB_WORKSPACE, CI_PROJECT_DIR),
/// when the document is below it, else from this directory, else absolute; of
/// a document that is no file its name. Looks at no file.
[[nodiscard]] project_path path_in_project(const std::string& document);

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
