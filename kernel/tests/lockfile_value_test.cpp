// The lockfile as a value: copies, moves, and who owns the texts.
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::texts;
using testing::with_view_in;

TEST(Lockfile, WhatIsReportedAboutViewsOutlivesTheLockfile) {
  std::vector<owned_key> blockers;
  std::vector<owned_key> candidates;
  std::vector<owned_key> dependents;
  {
    const lockfile file = with_view_in(view_state::dsl_update_required);
    blockers = file.activation_blockers("crg");
    candidates = file.cutover_candidates("crg", "sha256:d1");
    dependents = file.dependents_on_another_schema("crg", "sha256:d1");
  }
  for (const auto& report : {blockers, candidates, dependents})
    EXPECT_EQ(texts(report), (std::vector<std::string>{"comp/v"}));
}

TEST(Lockfile, ACopySharesNothingWithItsOriginal) {
  auto original = std::make_unique<lockfile>(with_view_in(view_state::unrecognised));
  lockfile copy = *original;
  EXPECT_EQ(copy, *original);
  ASSERT_TRUE(original->remove_adapter("comp"));
  original.reset();
  EXPECT_EQ(copy.find_view(comp_v)->status.text(), "garbage");
  EXPECT_EQ(copy.find_view(comp_v)->depends_on[0].adapter, "crg");

  lockfile assigned;
  assigned = copy;
  EXPECT_EQ(assigned, copy);
  const lockfile& itself = assigned;
  assigned = itself;
  EXPECT_EQ(assigned, copy);
}

TEST(Lockfile, ACopyIsTouchedWhereItsOriginalIs) {
  lockfile_restorer restore;
  restore.add_adapter("crg")->schema_digest = "sha256:d0";
  const dependency on_crg{"crg", "sha256:d0", ""};
  adapter* const comp = restore.add_adapter("comp");
  for (std::string_view name : {"bumped", "v"}) {
    view* const entry = restore.add_view(*comp, name);
    entry->status = recorded_status(view_status::ready);
    if (name == "bumped") entry->depends_on.push_back(on_crg);
  }
  lockfile original = std::move(restore).finish();
  ASSERT_TRUE(original.activate("crg", "sha256:s", "sha256:d1", at(1)));
  ASSERT_TRUE(original.mark_dependee_bumped("crg", at(1)));
  const lockfile copy = original;
  EXPECT_TRUE(copy.find_adapter("crg")->touched);
  EXPECT_FALSE(copy.find_adapter("comp")->touched);
  EXPECT_TRUE(copy.find_view({"comp", "bumped"})->touched);
  EXPECT_FALSE(copy.find_view(comp_v)->touched);
}

TEST(Lockfile, AssignedToItselfItStaysAsItIs) {
  lockfile file = with_view_in(view_state::ready);
  const lockfile before = file;
  const view* const entry = file.find_view(comp_v);
  const lockfile& itself = file;
  file = itself;
  EXPECT_EQ(file, before);
  EXPECT_EQ(file.find_view(comp_v), entry);
  lockfile& again = file;
  file = std::move(again);
  EXPECT_EQ(file, before);
}

TEST(Lockfile, AMoveKeepsWhatWasHandedOut) {
  lockfile file = with_view_in(view_state::ready);
  const view* entry = file.find_view(comp_v);
  const std::string_view digest = entry->view_digest;
  const lockfile moved = std::move(file);
  EXPECT_EQ(moved.find_view(comp_v), entry);
  EXPECT_EQ(digest, "sha256:v0");
  lockfile target = with_view_in(view_state::pending_rebuild);
  target = lockfile(moved);
  EXPECT_EQ(target, moved);
}

TEST(Lockfile, WhatIsPassedInIsCopied) {
  lockfile file;
  std::string name = "comp";
  std::string digest = "sha256:v0";
  std::string dependee = "crg";
  const dependency on{dependee, digest, digest};
  ASSERT_TRUE(file.register_view({name, name}, digest, {&on, 1}, at(0)));
  name = dependee = digest = "overwritten";
  ASSERT_NE(file.find_view({"comp", "comp"}), nullptr);
  EXPECT_EQ(file.find_view({"comp", "comp"})->depends_on[0], (dependency{"crg", "sha256:v0", "sha256:v0"}));
}

TEST(LockfileRestorer, RefusesTheSameNameTwice) {
  lockfile_restorer restore;
  adapter* owner = restore.add_adapter("a");
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(restore.add_adapter("a"), nullptr);
  EXPECT_NE(restore.add_view(*owner, "v"), nullptr);
  EXPECT_EQ(restore.add_view(*owner, "v"), nullptr);
  EXPECT_NE(restore.add_adapter("A"), nullptr);
  const lockfile file = std::move(restore).finish();
  EXPECT_EQ(file.adapters().size(), 2U);
}

TEST(LockfileRestorer, KeepsWhatItBorrowsAlive) {
  auto text = std::make_shared<const std::string>("a borrowed digest that is too long to be stored inline");
  lockfile_restorer restore(text);
  restore.add_adapter("a")->source_digest = *text;
  const lockfile file = std::move(restore).finish();
  text.reset();
  EXPECT_EQ(file.find_adapter("a")->source_digest, "a borrowed digest that is too long to be stored inline");
}

TEST(LockfileRestorer, TheLockfileButNoCopySaysWhatItWasRestoredFrom) {
  const auto text = std::make_shared<const std::string>("a document");
  const lockfile file = lockfile_restorer(text).finish();
  EXPECT_EQ(file.restored_from(), text.get());
  const lockfile copy = file;
  EXPECT_EQ(copy.restored_from(), nullptr);
  EXPECT_EQ(lockfile().restored_from(), nullptr);
  EXPECT_EQ(lockfile_restorer().finish().restored_from(), nullptr);
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
