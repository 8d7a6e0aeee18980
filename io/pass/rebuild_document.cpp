#include "agentslock/io/rebuild_document.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "agentslock/io/reconcile_document.hpp"
#include "agentslock/kernel/waiting.hpp"
#include "chosen_views.hpp"

namespace agentslock {
namespace {

/// The active schemas that a builder was told of, which are those that it read. Borrowed from the facts.
std::vector<adapter_schema> schemas_read(const view_facts& facts) {
  std::vector<adapter_schema> all;
  for (const dependee_schemas& one : facts.dependees) {
    if (one.now) all.push_back({one.adapter, one.now->digest});
  }
  return all;
}

/// What became of one view that was built, and what the store holds for it now.
struct build {
  const view_facts* facts;
  rebuilt::built_view result;
  stored_view stored;

  [[nodiscard]] view_key key() const noexcept { return {facts->adapter, facts->view}; }
  /// Whether there is something to record.
  [[nodiscard]] bool counts() const noexcept { return result.outcome == built::ready; }
};

/// Holds what the builder answered against the store. Precondition: `stored` is what the store holds for the view, if it passed.
build build_of(const view_facts& facts, const builder_answer& answer, stored_view stored) {
  build one{&facts, {{facts.adapter, facts.view}, built::ready, answer.why, {}}, std::move(stored)};
  if (answer.verdict != program_verdict::passed) {
    one.result.outcome = answer.verdict == program_verdict::failed ? built::failed : built::could_not_tell;
    return one;
  }
  if (!one.stored) {
    one.result.outcome = built::failed;
    one.result.why = "the builder is done, and the store does not hold the view";
  } else {
    one.result.view_digest = *one.stored;
    one.result.why.clear();
  }
  return one;
}

/// The same for all, by one look into the store of each adapter.
result<std::vector<build>> builds_of(std::span<const view_facts> facts,
                                     std::span<const builder_answer> answers, presence_source& views) {
  std::vector<view_key> passed;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (answers[i].verdict == program_verdict::passed) passed.push_back({facts[i].adapter, facts[i].view});
  }
  auto stored = find_all(views, passed);
  if (!stored) return stored.error();
  auto next = stored->begin();
  std::vector<build> builds;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const bool has_passed = answers[i].verdict == program_verdict::passed;
    builds.push_back(build_of(facts[i], answers[i], has_passed ? std::move(*next++) : stored_view()));
  }
  return builds;
}

/// Records one build, if it still counts. Nothing when its view must be looked at again.
std::optional<rebuilt::built_view> record(lockfile& file, const lockfile& as_given, const build& one,
                                          timestamp now) {
  if (!file.same_facts(as_given, one.key())) {
    const view* entry = file.find_view(one.key());
    if (entry == nullptr || entry->status.state() != view_state::ready || entry->view_digest != *one.stored)
      return std::nullopt;
    rebuilt::built_view found = one.result;
    found.outcome = built::already_done;
    found.why = "another program has recorded it";
    return found;
  }
  rebuilt::built_view found = one.result;
  const auto read = schemas_read(*one.facts);
  if (const auto done = file.mark_view_rebuilt(one.key(), *one.stored, read, now); !done) {
    found.outcome = built::could_not_tell;
    found.why = done.why().message;
    found.view_digest.clear();
  }
  return found;
}

}  // namespace

std::size_t rebuilt::count(built outcome) const noexcept {
  return static_cast<std::size_t>(std::ranges::count(views, outcome, &built_view::outcome));
}

result<rebuilt> rebuild_document(const lockfile_store& store, presence_source& views,
                                 const view_choice& chosen, view_builder& builder, const work_options& how) {
  rebuilt done;
  // Those whose facts changed while they were built; nothing before the first round.
  std::optional<std::set<named_view>> again;
  for (int round = 0; round < work_rounds_max; ++round) {
    const auto loaded = store.load();
    if (!loaded) return loaded.error();
    const lockfile& file = loaded->file();
    if (const auto known = check_choice(file, chosen); !known) return known.error();
    const waiting waits(file);
    const std::vector<view_facts> facts = facts_of_views(file, [&](view_key key) {
      return chosen.covers(key) && waits.is_rebuildable(key) && (!again || again->contains(owned(key)));
    });
    again.emplace();
    if (facts.empty()) break;

    const std::vector<builder_answer> answers = builder.build(facts, how);
    const auto made = builds_of(facts, answers, views);
    if (!made) return made.error();
    const std::vector<build>& builds = *made;
    std::vector<std::optional<rebuilt::built_view>> found;
    const auto record_all = [&](lockfile& now) {
      found.clear();
      for (const build& one : builds)
        found.push_back(one.counts() ? record(now, file, one, store.now()) : std::optional(one.result));
    };
    if (std::ranges::any_of(builds, &build::counts)) {
      const auto written = store.update([&](lockfile& now) -> result<> {
        record_all(now);
        return {};
      });
      if (!written) return written.error();
      done.written = done.written || std::ranges::any_of(found, [](const auto& one) {
                       return one && one->outcome == built::ready;
                     });
    } else {
      for (const build& one : builds)
        found.push_back(one.result);
    }
    for (std::size_t i = 0; i < builds.size(); ++i) {
      if (found[i]) {
        done.views.push_back(std::move(*found[i]));
      } else {
        again->insert(builds[i].result.key);
      }
    }
    if (again->empty()) break;
    // Whoever was faster may have recorded what our build has replaced since.
    const auto pass = reconcile_document(store, views, reconcile_mode::write);
    if (!pass) return pass.error();
  }
  for (const named_view& key : *again) {
    done.views.push_back({key,
                          built::could_not_tell,
                          "other programs kept changing it or a schema that it reads while it was built",
                          {}});
  }
  std::ranges::sort(done.views, {}, &rebuilt::built_view::key);
  return done;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
