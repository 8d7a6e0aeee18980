// What happens to a document right after it was read, or right after it was renamed, is not believed away: the bytes of a young
// document count, the very file that was renamed must be there, and a directory that was not synced is said.
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <functional>
#include <string>

#include "agentslock/io/lockfile_store.hpp"
#include "support/memory_platform.hpp"
#include "support/places_on_disk.hpp"

namespace agentslock::testing {
namespace {

/// Does something once, before the first call of a kind; answers with an error if there is one.
class once_before final : public call_hook {
 public:
  once_before(call_kind kind, std::string where, std::function<void()> what, int error = 0)
      : kind_(kind), where_(std::move(where)), what_(std::move(what)), error_(error) {}
  sys_result<> before(const system_call& call) override {
    if (done || call.kind != kind_ || !call.path.starts_with(where_)) return {};
    done = true;
    what_();
    if (error_ == 0) return {};
    return boost::system::error_code(error_, boost::system::system_category());
  }
  bool done = false;

 private:
  call_kind kind_;
  std::string where_;
  std::function<void()> what_;
  int error_;
};

result<> activate(lockfile& file, std::string_view adapter, std::string_view schema) {
  if (auto done = file.activate(adapter, "s", schema, timestamp()); !done) return error(done.why());
  return {};
}

class unseen_change : public ::testing::Test {
 protected:
  unseen_change() {
    disk.put_directory("/project");
    memory_process first(disk, nothing, 9);
    EXPECT_TRUE(lockfile_store(document_path, {}, first.on()).update([](lockfile& file) {
      return activate(file, "crg", "d1");
    }));
  }
  /// Another process puts its document in place, as an editor does.
  void replace_document() {
    const std::string text = with_schema("d9");
    memory_process other(disk, nothing, 99);
    const auto file = other.open("/project/edited", open_how::create_new, 0644);
    const std::array pieces{std::string_view(text)};
    EXPECT_TRUE(file && other.write(*file, pieces) && other.close(*file));
    EXPECT_TRUE(other.rename("/project/edited", document_path));
  }
  /// The document with another schema of crg, and of the same size.
  [[nodiscard]] std::string with_schema(std::string_view schema) const {
    std::string text = disk.text_of(document_path).value_or("");
    const auto at = text.find("d1");
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, 2, schema);
  }
  [[nodiscard]] std::string schema_of(std::string_view adapter) {
    memory_process reader(disk, nothing, 98);
    const auto loaded = lockfile_store(document_path, {}, reader.on()).load();
    const auto* entry = loaded ? loaded->file().find_adapter(adapter) : nullptr;
    return entry == nullptr ? "none" : std::string(entry->schema_digest);
  }

  memory_disk disk;
  call_hook nothing;
};
using UnseenChange = unseen_change;

TEST_F(UnseenChange, ADocumentThatIsReplacedRightAfterTheRenameMakesTheOutcomeUncertain) {
  once_before hook(call_kind::sync_directory, "/project", [&] { replace_document(); });
  memory_process process(disk, hook, 10);
  const auto done = lockfile_store(document_path, {}, process.on()).update([](lockfile& file) {
    return activate(file, "tags", "t1");
  });
  EXPECT_TRUE(hook.done);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), errc::outcome_uncertain);
  EXPECT_EQ(schema_of("crg"), "d9");
}

TEST_F(UnseenChange, ADirectoryThatIsNotSyncedIsSaidByEveryWayToWrite) {
  const auto written_by = [&](const std::function<result<>(lockfile_store&)>& write) {
    once_before hook(
        call_kind::sync_directory, "/project", [] {}, EIO);
    memory_process process(disk, hook, 10);
    lockfile_store store(document_path, {}, process.on());
    const auto done = write(store);
    EXPECT_TRUE(hook.done);
    return done ? std::string("success") : std::string(name(done.error().code()));
  };
  EXPECT_EQ(written_by([](lockfile_store& store) {
              auto loaded = store.load();
              if (!loaded) return result<>(loaded.error());
              EXPECT_TRUE(activate(loaded->file(), "saved", "d"));
              return store.save(*loaded);
            }),
            "not_durable");
  EXPECT_EQ(schema_of("saved"), "d");
  EXPECT_EQ(written_by([](lockfile_store& store) {
              return store.update([](lockfile& file) { return activate(file, "updated", "d"); });
            }),
            "not_durable");
  EXPECT_EQ(schema_of("updated"), "d");
  EXPECT_EQ(written_by([](lockfile_store& store) {
              lockfile over;
              EXPECT_TRUE(activate(over, "over", "d"));
              return store.save_over(over);
            }),
            "not_durable");
  EXPECT_EQ(schema_of("over"), "d");
  EXPECT_EQ(written_by([](lockfile_store& store) {
              staged_changes changes;
              EXPECT_TRUE(changes.set_section("section", "1"));
              return store.flush(changes);
            }),
            "not_durable");
}

TEST_F(UnseenChange, ASaveDoesNotBelieveAYoungDocumentWithoutItsBytes) {
  memory_process process(disk, nothing, 10);
  lockfile_store store(document_path, {}, process.on());
  auto loaded = store.load();
  ASSERT_TRUE(loaded);
  disk.put_bytes_unseen(document_path, with_schema("d9"));
  ASSERT_TRUE(activate(loaded->file(), "tags", "t1"));
  const auto saved = store.save(*loaded);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code(), errc::conflict);
  EXPECT_EQ(schema_of("crg"), "d9");
}

TEST_F(UnseenChange, AnUpdateDoesNotBelieveAYoungDocumentWithoutItsBytes) {
  once_before hook(call_kind::sync_file, "/project/.agentsrc.lock.tmp-",
                   [&] { disk.put_bytes_unseen(document_path, with_schema("d9")); });
  memory_process process(disk, hook, 10);
  const auto done = lockfile_store(document_path, {}, process.on()).update([](lockfile& file) {
    return activate(file, "tags", "t1");
  });
  EXPECT_TRUE(hook.done);
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(schema_of("crg"), "d9");
  EXPECT_EQ(schema_of("tags"), "t1");
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
