#include "agentslock/kernel/operation.hpp"

#include <span>
#include <utility>

namespace agentslock {
namespace {

std::vector<dependency> borrowed(const std::vector<owned_dependency>& owned) {
  std::vector<dependency> items;
  items.reserve(owned.size());
  for (const auto& item : owned)
    items.push_back({item.adapter, item.schema_digest, item.version});
  return items;
}

/// One operation being done: a call for each kind, and no other.
struct application {
  lockfile& file;
  timestamp now;
  operation_result result;

  void operator()(const operations::activate& one) {
    take(file.activate(one.adapter, one.source_digest, one.schema_digest, now));
  }
  void operator()(const operations::register_view& one) {
    take(file.register_view(one.key, one.view_digest, borrowed(one.depends_on), now));
  }
  void operator()(const operations::mark_dependee_bumped& one) {
    const auto done = file.mark_dependee_bumped(one.dependee, now, {one.schema_digest, one.version});
    if (take(done)) result.bumped = *done;
  }
  void operator()(const operations::resolve_recompat& one) {
    take(file.resolve_recompat(one.key, one.judged, borrowed(one.new_dependencies), now));
  }
  void operator()(const operations::revalidate& one) {
    take(file.revalidate(one.key, one.judged, borrowed(one.new_dependencies), now));
  }
  void operator()(const operations::mark_view_rebuilt& one) {
    if (!one.schemas_read) {
      take(file.mark_view_rebuilt(one.key, one.view_digest, schemas_not_known, now));
      return;
    }
    std::vector<adapter_schema> read;
    for (const auto& [adapter, schema_digest] : *one.schemas_read)
      read.push_back({adapter, schema_digest});
    take(file.mark_view_rebuilt(one.key, one.view_digest, read, now));
  }
  void operator()(const operations::remove_view& one) { take(file.remove_view(one.key)); }
  void operator()(const operations::remove_adapter& one) { take(file.remove_adapter(one.adapter)); }
  void operator()(const operations::reconcile& one);
  void operator()(const operations::cutover& one);
  void operator()(const operations::mark_missed_bumps&) {
    const auto done = file.mark_missed_bumps(now);
    if (take(done)) result.missed = *done;
  }

 private:
  template <class T>
  bool take(const outcome<T>& done) {
    if (!done) result.refused = done.why();
    return done.has_value();
  }
};

void application::operator()(const operations::reconcile& one) {
  reconcile_found& found = result.reconciled;
  const auto ask = [&](view_key key) -> std::optional<presence> {
    const owned_key& asked = found.asked.emplace_back(key);
    if (one.store.unknown == asked) return std::nullopt;
    const auto held = one.store.digests.find(asked);
    return held == one.store.digests.end() ? presence{} : presence{true, held->second};
  };
  const auto done = file.reconcile(ask, found, now);
  if (take(done)) found.counts = *done;
}

void application::operator()(const operations::cutover& one) {
  std::vector<std::vector<dependency>> lists;
  lists.reserve(one.verdicts.size());
  std::vector<cutover_verdict> verdicts;
  for (const auto& judged : one.verdicts) {
    lists.push_back(borrowed(judged.new_dependencies));
    verdicts.push_back({judged.key, judged.judged, lists.back()});
  }
  std::optional<lockfile> as_given;
  for (const auto& [adapter, schema_digest] : one.schemas_given) {
    if (!as_given) as_given = file;
    if (!take(as_given->activate(adapter, "", schema_digest, timestamp()))) return;
  }
  const auto done = file.cutover({one.dependee, one.source_digest, one.schema_digest, one.version}, verdicts,
                                 as_given ? *as_given : file, now);
  if (take(done)) result.cut_over = *done;
}

}  // namespace

operation_result apply(lockfile& file, const operation& todo) {
  application run{file, todo.now, {}};
  std::visit(run, todo.what);
  return std::move(run.result);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
