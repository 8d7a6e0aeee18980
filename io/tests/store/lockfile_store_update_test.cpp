// Changes made under the lock: update, edit, flush.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/named_view.hpp"
#include "support/printers.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using testing::activate;
using testing::document_with_a;
using testing::entry_of_a;
using testing::names_in;
using testing::snapshot_of;

using names = std::vector<std::string>;

class LockfileStoreUpdate : public testing::store_fixture {};

TEST_F(LockfileStoreUpdate, UpdateReadsChangesAndWrites) {
  put("{\n  \"units\": [1.0]\n}\n");
  const auto done = store.update([](lockfile& file) {
    EXPECT_TRUE(file.adapters().empty());
    return activate(file, "a");
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(text(), "{\n  \"adapters\": {\n    " + entry_of_a +
                        "\n  },\n  \"lock_version\": 1,\n  \"units\": [1.0]\n}\n");
  expect_only_the_document();
}

TEST_F(LockfileStoreUpdate, AnUpdateThatChangesNothingDoesNotTouchTheFile) {
  put(document_with_a);
  const auto before = snapshot_of(path);
  ASSERT_TRUE(store.update([](lockfile&) -> result<> { return {}; }));
  ASSERT_TRUE(store.update([](lockfile& file) { return activate(file, "a"); })) << "says what is there";
  EXPECT_EQ(snapshot_of(path), before);
  expect_only_the_document();
}

TEST_F(LockfileStoreUpdate, AnUpdateThatChangesNothingMakesNoDocument) {
  ASSERT_TRUE(store.update([](lockfile&) -> result<> { return {}; }));
  ASSERT_TRUE(store.flush(staged_changes()));
  EXPECT_TRUE(names_in(directory.path()).empty());
  put("{}");
  const auto before = snapshot_of(path);
  ASSERT_TRUE(store.update([](lockfile&) -> result<> { return {}; }));
  EXPECT_EQ(snapshot_of(path), before);
}

TEST_F(LockfileStoreUpdate, AnUpdateWhoseFunctionFailsWritesNothingAndLetsGo) {
  put(document_with_a);
  const auto before = snapshot_of(path);
  int called = 0;
  const auto done = store.update([&](lockfile& file) -> result<> {
    ++called;
    EXPECT_TRUE(file.remove_adapter("a"));
    return error(file.remove_adapter("a").why());
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(called, 1) << "it would fail again";
  EXPECT_EQ(done.error().code(), errc::refused);
  EXPECT_EQ(done.error().refused_as(), refusal_code::unknown_adapter);
  EXPECT_EQ(snapshot_of(path), before);
  expect_only_the_document();
  EXPECT_TRUE(store.update([](lockfile& file) { return activate(file, "b"); })) << "the lock is free again";
}

TEST_F(LockfileStoreUpdate, WhatAnOperationAnsweredIsTheResult) {
  const timestamp now = store.now();
  ASSERT_TRUE(store.update([&](lockfile& file) -> result<> { return file.activate("crg", "s", "d", now); }));
  ASSERT_TRUE(store.update([&](lockfile& file) { return file.register_view({"comp", "v"}, "d", {}, now); }));
  const auto no = store.update([&](lockfile& file) { return file.remove_view({"comp", "w"}); });
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().refused_as(), refusal_code::unknown_view);
  EXPECT_TRUE(store.update([&](lockfile& file) { return file.mark_dependee_bumped("crg", now); }))
      << "also of one that has a value";
}

TEST_F(LockfileStoreUpdate, WhatAnOperationReportsOutlivesTheLockfile) {
  const dependency on_crg{"crg", "sha256:a digest that is too long for a string without memory of its own",
                          "1"};
  const named_view key("an adapter with quite a long name", "a view with a long name too");
  ASSERT_TRUE(store.update([&](lockfile& file) {
    return file.register_view(key, "sha256:v", {&on_crg, 1}, store.now());
  }));
  std::vector<named_view> bumped;
  cutover_report cut;
  reconcile_report pass;
  ASSERT_TRUE(store.update([&](lockfile& file) -> result<> {
    const timestamp now = store.now();
    if (const auto done = file.reconcile(nothing_present, pass, now); !done) return error(done.why());
    const std::vector<cutover_verdict> failed{{key, verdict::failed, {}}};
    const auto done = file.cutover({"crg", "s", "d1", "2"}, failed, file, now);
    if (!done) return error(done.why());
    cut = *done;
    if (auto gone = file.remove_view(key); !gone) return gone;
    if (auto again = file.register_view(key, "sha256:v", {&on_crg, 1}, now); !again) return again;
    result<std::vector<named_view>> moved = file.mark_dependee_bumped("crg", now);
    bumped = moved.value();
    return {};
  }));
  EXPECT_EQ(bumped, std::vector{key});
  EXPECT_EQ(cut.failed, std::vector{key});
  EXPECT_EQ(cut.blockers, std::vector{key});
  ASSERT_EQ(pass.changes.size(), 1U);
  EXPECT_EQ(pass.changes[0].key, key);
  EXPECT_EQ(pass.changes[0].from, "ready");
}

TEST_F(LockfileStoreUpdate, AnUpdateWhoseFunctionThrowsWritesNothingAndLetsGo) {
  put(document_with_a);
  const auto before = snapshot_of(path);
  const auto throwing = [](lockfile& file) -> result<> {
    EXPECT_TRUE(file.remove_adapter("a"));
    throw std::runtime_error("a caller's own");
  };
  EXPECT_THROW((void)store.update(throwing), std::runtime_error);
  EXPECT_EQ(snapshot_of(path), before);
  expect_only_the_document();
  EXPECT_TRUE(store.update([](lockfile& file) { return activate(file, "b"); })) << "the lock is free again";
}

TEST_F(LockfileStoreUpdate, AnUpdateMayPutAnotherLockfileInPlace) {
  put("{\"adapters\":{\"a\":{\"source_digest\":\"s\",\"x\":1.0},\"b\":{}},\"lock_version\":1}");
  ASSERT_TRUE(store.update([](lockfile& file) -> result<> {
    lockfile other = file;
    EXPECT_TRUE(other.remove_adapter("b"));
    file = other;
    return {};
  }));
  EXPECT_EQ(text(), "{\"adapters\":{\"a\":{\"source_digest\":\"s\",\"x\":1.0}},\"lock_version\":1}");
}

TEST_F(LockfileStoreUpdate, AnUpdateInAnUpdateFailsAtOnce) {
  const auto done =
      store.update([&](lockfile&) { return store.update([](lockfile&) -> result<> { return {}; }); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::invalid_argument) << done.error().message();
}

TEST_F(LockfileStoreUpdate, EditChangesTheWholeDocument) {
  put("{\"adapters\":{},\"inputs_digest\":\"old\",\"lock_version\":1,\"s\":[1]}");
  ASSERT_TRUE(store.edit([](document_edit& edit) -> result<> {
    EXPECT_EQ(edit.document.section("s"), "[1]");
    EXPECT_EQ(edit.document.inputs_digest(), "old");
    EXPECT_TRUE(edit.sections.set_section("s", "[2]"));
    EXPECT_TRUE(edit.sections.set_inputs_digest("new"));
    return activate(edit.adapters, "a");
  }));
  EXPECT_EQ(text(),
            "{\"adapters\":{\"a\":{\"source_digest\":\"s\",\"schema_digest\":\"d\",\"activated_at\":"
            "\"2026-07-01T12:00:00Z\"}},\"inputs_digest\":\"new\",\"lock_version\":1,\"s\":[2]}");
}

TEST_F(LockfileStoreUpdate, EditStatesAnEmptySectionOnlyWhenAsked) {
  put("{\"lock_version\":1}");
  const auto before = snapshot_of(path);
  ASSERT_TRUE(store.edit([](document_edit&) -> result<> { return {}; }));
  EXPECT_EQ(snapshot_of(path), before);
  ASSERT_TRUE(store.edit([](document_edit& edit) -> result<> {
    edit.writes_empty_section = true;
    return {};
  }));
  EXPECT_EQ(text(), "{\"adapters\":{},\"lock_version\":1}");
}

TEST_F(LockfileStoreUpdate, EditThatFailsWritesNothing) {
  put("{\"lock_version\":1}");
  const auto before = snapshot_of(path);
  const auto done = store.edit([](document_edit& edit) -> result<> {
    EXPECT_TRUE(edit.sections.set_section("s", "1"));
    return edit.sections.set_section("lock_version", "2");
  });
  EXPECT_EQ(done.error().code(), errc::reserved_section);
  EXPECT_EQ(snapshot_of(path), before);
}

TEST_F(LockfileStoreUpdate, FlushWritesWhatIsStagedAndMayBeCalledAgain) {
  put("{\n  \"config\": {\"x\": 1.0},\n  \"lock_version\": 1\n}\n");
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("units", "[1]"));
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(text(),
            "{\n  \"config\": {\"x\": 1.0},\n  \"lock_version\": 1,\n  \"units\": [\n    1\n  ]\n}\n");
  const auto before = snapshot_of(path);
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(snapshot_of(path), before) << "a flush that changes no byte does not touch the file";
  ASSERT_TRUE(changes.set_section("packages", "{}"));
  ASSERT_TRUE(changes.set_inputs_digest("sha256:x"));
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(text(),
            "{\n  \"config\": {\"x\": 1.0},\n  \"inputs_digest\": \"sha256:x\",\n  \"lock_version\": 1,\n"
            "  \"packages\": {},\n  \"units\": [\n    1\n  ]\n}\n");
  expect_only_the_document();
}

TEST_F(LockfileStoreUpdate, FlushKeepsWhatOthersWroteMeanwhile) {
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("units", "[1]"));
  put("{\"a\":1}");
  ASSERT_TRUE(store.flush(changes));
  put("{\"units\":[1],\"other\":2}");
  ASSERT_TRUE(changes.set_section("z", "3"));
  ASSERT_TRUE(store.flush(changes));
  EXPECT_EQ(text(), "{\"units\":[1],\"other\":2,\"lock_version\":1,\"z\":3}");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
