#include <fmt/format.h>

#include <algorithm>

#include "commands.hpp"
#include "store_choice.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

struct dependee {
  std::string_view adapter;
  std::string_view version;
  std::string_view schema_digest;
};

/// NAME[@[VERSION][=DIGEST]]; the last "@" counts, and not a first one. A name may hold "=" itself.
dependee parse_dependee(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) return {text, {}, {}};
  const std::string_view what = text.substr(at + 1);
  const std::size_t equals = std::min(what.find('='), what.size());
  return {text.substr(0, at), what.substr(0, equals), what.substr(std::min(equals + 1, what.size()))};
}

/// The dependencies with the active digests of the adapters that they name.
result<std::vector<dependency>> with_active_digests(const lockfile& file,
                                                    const std::vector<std::string>& names) {
  std::vector<dependency> dependencies;
  for (const std::string& text : names) {
    const dependee one = parse_dependee(text);
    const adapter* active = file.find_adapter(one.adapter);
    if (active == nullptr) {
      return error(refusal{refusal_code::unknown_adapter,
                           fmt::format("adapter {} is not active; activate it first", one.adapter)});
    }
    if (!one.schema_digest.empty() && one.schema_digest != active->schema_digest) {
      return error(
          refusal{refusal_code::built_against_another_schema,
                  fmt::format("the view was built against schema {} of {}, and {} is active: build it again",
                              one.schema_digest, one.adapter,
                              active->schema_digest.empty() ? "none" : active->schema_digest)});
    }
    dependencies.push_back({one.adapter, active->schema_digest, one.version});
  }
  return dependencies;
}

}  // namespace

outcome_report run_register(const common_options& common, const register_options& options) {
  const view_key key{options.adapter, options.view};
  std::string view_digest = options.digest;
  if (view_digest.empty()) {
    auto stored = digest_in_store(common, key);
    if (!stored) return report_error(stored.error());
    view_digest = std::move(*stored);
  }
  const lockfile_store store = document_of(common);
  const auto done = store.update([&](lockfile& file) -> result<> {
    const auto dependencies = with_active_digests(file, options.depends_on);
    if (!dependencies) return dependencies.error();
    const auto registered = file.register_view(key, view_digest, *dependencies, store.now());
    if (!registered) return error(registered.why());
    return {};
  });
  if (!done) return report_error(done.error());

  json_report json;
  json.text("document", store.path());
  json.text("adapter", options.adapter);
  json.text("view", options.view);
  json.text("view_digest", view_digest);
  return {exit_code::fine,
          fmt::format("{}: {} is registered, ready, with digest {}\n", printable(store.path()),
                      printable(to_string(key)), printable(view_digest)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
