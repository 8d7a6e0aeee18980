#include <fmt/format.h>

#include "commands.hpp"
#include "input.hpp"
#include "store_choice.hpp"

namespace agentslock::cli {

outcome_report run_digest_of_file(const std::string& path) {
  const auto digest = digest_of_input(path);
  if (!digest) return report_error(digest.error());
  json_report json;
  json.text("file", path);
  json.text("digest", *digest);
  return {exit_code::fine, *digest + "\n", std::move(json).finish()};
}

outcome_report run_digest_in_store(const common_options& common, view_key key) {
  const auto digest = digest_in_store(common, key);
  if (!digest) return report_error(digest.error());
  json_report json;
  json.text("adapter", key.adapter);
  json.text("view", key.view);
  json.text("digest", *digest);
  return {exit_code::fine, *digest + "\n", std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
