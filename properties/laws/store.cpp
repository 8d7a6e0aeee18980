#include "store.hpp"

#include <array>

#include "shown.hpp"

namespace agentslock::laws {
namespace {

/// The pure edit: what a change makes of a text. Nothing when the text or the change is refused.
std::optional<document_step> pure(std::string_view document, const document_change& change) {
  auto step = take_document_step(document, change);
  if (!step) return std::nullopt;
  return std::move(*step);
}

document_change adapters_only(const document_change& change) {
  return {change.operations, true, {}, {}};
}
document_change sections_only(const document_change& change) {
  return {{}, false, change.sections, change.inputs_digest};
}

void apply_all(lockfile& file, const std::vector<operation>& script) {
  for (const operation& one : script)
    (void)apply(file, one);
}

breach expect_bytes(const store_under_test& on, std::string_view expected) {
  const std::string now = on.bytes();
  return now == expected ? breach(kept) : "the file holds " + shown(now) + " and not " + shown(expected);
}

}  // namespace

breach a_save_is_the_edit_and_loads_again(const store_under_test& on, const store_case& given) {
  const auto step = pure(given.document, adapters_only(given.ours));
  if (!step) return kept;
  on.put(given.document);
  auto loaded = on.store.load();
  if (!loaded) return loaded.error().message();
  apply_all(loaded->file(), given.ours.operations);
  if (auto saved = on.store.save(*loaded); !saved) return saved.error().message();
  if (auto broken = expect_bytes(on, step->after)) return broken;
  const auto again = on.store.load();
  if (!again) return again.error().message();
  if (!(again->file() == step->wanted)) return "what is loaded is another value than was saved";
  if (loaded->text().view() != step->after) return "the loaded value remembers another text";

  // The same by an update under the lock.
  on.put(given.document);
  const auto updated = on.store.update([&](lockfile& file) -> result<> {
    apply_all(file, given.ours.operations);
    return {};
  });
  if (!updated) return updated.error().message();
  const bool states = step->was.adapters().empty() && step->wanted.adapters().empty();
  return states ? breach(kept) : expect_bytes(on, step->after);
}

breach what_did_not_change_is_not_touched(const store_under_test& on, const store_case& given) {
  const auto step = pure(given.document, adapters_only({}));
  if (!step || step->after != given.document) return kept;
  on.put(given.document);
  const std::string before = on.stamp();
  auto loaded = on.store.load();
  if (!loaded) return loaded.error().message();
  if (auto saved = on.store.save(*loaded); !saved) return saved.error().message();
  if (on.stamp() != before) return "a save of what was loaded wrote the file";
  if (auto updated = on.store.update([](lockfile&) -> result<> { return {}; }); !updated)
    return updated.error().message();
  return on.stamp() == before ? breach(kept) : "an update that changes nothing wrote the file";
}

breach a_save_over_another_meaning_is_a_conflict(const store_under_test& on, const store_case& given) {
  const auto ours = pure(given.document, adapters_only(given.ours));
  const auto theirs = pure(given.document, adapters_only(given.theirs));
  if (!ours || !theirs || theirs->was == theirs->wanted || ours->was == ours->wanted) return kept;
  on.put(given.document);
  auto loaded = on.store.load();
  if (!loaded) return loaded.error().message();
  apply_all(loaded->file(), given.ours.operations);
  on.put(theirs->after);
  const auto saved = on.store.save(*loaded);
  if (saved) return "it was saved over theirs";
  if (saved.error().code() != errc::conflict) return saved.error().message();
  return expect_bytes(on, theirs->after);
}

breach a_save_keeps_what_others_wrote_elsewhere(const store_under_test& on, const store_case& given) {
  const auto theirs = pure(given.document, sections_only(given.theirs));
  if (!theirs) return kept;
  const auto ours = pure(theirs->after, adapters_only(given.ours));
  if (!ours) return kept;
  on.put(given.document);
  auto loaded = on.store.load();
  if (!loaded) return kept;
  apply_all(loaded->file(), given.ours.operations);
  on.put(theirs->after);
  if (auto saved = on.store.save(*loaded); !saved) return saved.error().message();
  return expect_bytes(on, ours->after);
}

breach a_failed_update_writes_nothing(const store_under_test& on, const store_case& given) {
  if (!pure(given.document, adapters_only({}))) return kept;
  on.put(given.document);
  const std::string before = on.stamp();
  const auto updated = on.store.update([&](lockfile& file) -> result<> {
    apply_all(file, given.ours.operations);
    return error(errc::invalid_argument, "changed my mind");
  });
  if (updated) return "it succeeded";
  if (updated.error().message() != "changed my mind")
    return "it failed otherwise: " + updated.error().message();
  return on.stamp() == before ? expect_bytes(on, given.document) : breach("it wrote the file");
}

breach a_flush_writes_what_is_staged_once(const store_under_test& on, const store_case& given) {
  const document_change change = sections_only(given.ours);
  const auto step = pure(given.document, change);
  if (!step) return kept;
  on.put(given.document);
  staged_changes staged;
  for (const auto& [name, json] : change.sections) {
    if (auto done = staged.set_section(name, json); !done) return done.error().message();
  }
  if (change.inputs_digest) {
    if (auto done = staged.set_inputs_digest(*change.inputs_digest); !done) return done.error().message();
  }
  const std::string before = on.stamp();
  if (auto flushed = on.store.flush(staged); !flushed) return flushed.error().message();
  if (auto broken = expect_bytes(on, step->after)) return broken;
  const std::string after = on.stamp();
  if (step->after == given.document && after != before) return "a flush that changes no byte wrote the file";
  if (auto flushed = on.store.flush(staged); !flushed) return flushed.error().message();
  return on.stamp() == after ? breach(kept) : "the second flush wrote the file";
}

breach nothing_is_written_over_what_can_not_be_read(const store_under_test& on, const store_case& given) {
  if (given.document.empty()) return kept;
  const std::string broken = given.document.substr(0, given.document.rfind('}'));
  on.put(broken);
  const lockfile empty;
  if (on.store.save_over(empty)) return "a lockfile was saved over it";
  if (on.store.update([](lockfile&) -> result<> { return {}; })) return "it was updated";
  staged_changes staged;
  if (auto done = staged.set_section("units", "1"); !done) return done.error().message();
  if (on.store.flush(staged)) return "sections were flushed into it";
  return expect_bytes(on, broken);
}

namespace {

#define AGENTSLOCK_LAW(law) \
  store_law {               \
#law, law               \
  }

constexpr std::array all_store_laws{
    AGENTSLOCK_LAW(a_save_is_the_edit_and_loads_again),
    AGENTSLOCK_LAW(what_did_not_change_is_not_touched),
    AGENTSLOCK_LAW(a_save_over_another_meaning_is_a_conflict),
    AGENTSLOCK_LAW(a_save_keeps_what_others_wrote_elsewhere),
    AGENTSLOCK_LAW(a_failed_update_writes_nothing),
    AGENTSLOCK_LAW(a_flush_writes_what_is_staged_once),
    AGENTSLOCK_LAW(nothing_is_written_over_what_can_not_be_read),
};

#undef AGENTSLOCK_LAW

}  // namespace

std::span<const store_law> store_laws() noexcept {
  return all_store_laws;
}

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
