#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "commands.hpp"
#include "input.hpp"
#include "shortened.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// Why another schema may not simply be activated.
error needs_cutover(const std::string& adapter, const std::vector<owned_key>& dependents) {
  std::string message = fmt::format(
      "another schema of {} takes a cutover, which judges the views that depend on it first:", adapter);
  // Enough of them to see what it is about: a name may be as long as the document, and stand before every one.
  constexpr std::size_t named_max = 100;
  for (const owned_key& key : std::span(dependents).first(std::min(dependents.size(), named_max)))
    message.append(" ").append(shortened(key.adapter)).append("/").append(shortened(key.view));
  if (dependents.size() > named_max) message += fmt::format(" and {} more", dependents.size() - named_max);
  return {errc::refused, std::move(message)};
}

}  // namespace

outcome_report run_activate(const common_options& common, const activate_options& options) {
  std::optional<std::string> given;
  if (!options.source_digest.empty()) given = options.source_digest;
  if (!options.source_file.empty()) {
    auto computed = digest_of_input(options.source_file);
    if (!computed) return report_error(computed.error());
    given = std::move(*computed);
  }
  std::string source_digest;
  const lockfile_store store = document_of(common);
  const auto done = store.update([&](lockfile& file) -> result<> {
    const auto dependents = file.dependents_on_another_schema(options.adapter, options.schema_digest);
    if (!dependents.empty()) return needs_cutover(options.adapter, dependents);
    const adapter* const recorded = file.find_adapter(options.adapter);
    source_digest = given ? *given : recorded ? std::string(recorded->source_digest) : std::string();
    const auto activated = file.activate(options.adapter, source_digest, options.schema_digest, store.now());
    if (!activated) return error(activated.why());
    return {};
  });
  if (!done) return report_error(done.error());

  json_report json;
  json.text("document", store.path());
  json.text("adapter", options.adapter);
  json.text("source_digest", source_digest);
  json.text("schema_digest", options.schema_digest);
  return {exit_code::fine,
          fmt::format("{}: {} is active with schema {}\n", printable(store.path()),
                      printable(options.adapter), printable(options.schema_digest)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
