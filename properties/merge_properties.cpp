// Merging, on histories: a lockfile, and two scripts that two branches ran on it.

#include <array>

#include "choices.hpp"
#include "generators.hpp"
#include "holding.hpp"
#include "laws/merge.hpp"
#include "reference/plain_merge.hpp"

namespace agentslock::properties {
namespace {

using reference::plain_lockfile;

/// What a branch makes of the base: a script, with times that two branches may share.
plain_lockfile branch_of(const plain_lockfile& base, std::size_t length_max) {
  plain_lockfile now = base;
  for (const operation& one : *script_on(base, length_max))
    (void)reference::apply_plainly(now, one);
  return now;
}

struct three_lockfiles {
  plain_lockfile base;
  plain_lockfile ours;
  plain_lockfile theirs;
};

three_lockfiles any_history() {
  three_lockfiles made{*any_lockfile(), {}, {}};
  made.ours = branch_of(made.base, 8);
  made.theirs = branch_of(made.base, 8);
  // Now and then the branches have nothing in common.
  if (rarely(8)) made.theirs = *any_lockfile();
  if (rarely(8)) made.base = *any_lockfile();
  return made;
}

laws::merge_case restored(const three_lockfiles& made) {
  return {reference::restored(made.base), reference::restored(made.ours), reference::restored(made.theirs)};
}

void every_merge_keeps_its_laws(const law_choice& chosen) {
  hold_all(chosen, laws::merge_laws(), restored(any_history()));
}

void a_merge_is_the_plain_merge(const law_choice& chosen) {
  const three_lockfiles made = any_history();
  const laws::merge_case given = restored(made);
  hold(chosen, "the_kernel_merges_as_the_plain_merge", [&]() -> laws::breach {
    const auto expected = reference::merge_plainly(made.base, made.ours, made.theirs);
    const auto really = merge_lockfiles(given.base, given.ours, given.theirs, merge_side::ours);
    if (really.conflicts != expected.conflicts) return "other conflicts";
    const plain_lockfile is = reference::plain(really.file);
    if (is == expected.file) return laws::kept;
    return "it is\n" + to_string(is) + "and not\n" + to_string(expected.file);
  });
}

constexpr std::array all{
    property{"every_merge_keeps_its_laws", 700, 50, every_merge_keeps_its_laws},
    property{"a_merge_is_the_plain_merge", 700, 50, a_merge_is_the_plain_merge},
};

}  // namespace

std::span<const property> merge_properties() {
  return all;
}

}  // namespace agentslock::properties
