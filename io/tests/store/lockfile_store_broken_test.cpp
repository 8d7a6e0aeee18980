// A document that can't be read is never written over: what is wrong is told with its place.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "support/child_process.hpp"
#include "support/printers.hpp"
#include "support/store_attempts.hpp"
#include "support/store_fixture.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;
using testing::activate_new;
using testing::every_attempt;
using testing::names_in;
using testing::snapshot_of;
using testing::store_attempt;
using testing::temporary_directory;

using names = std::vector<std::string>;

struct broken_document {
  const char* what;
  std::string text;
  errc code;
  text_position at;
};

const broken_document broken_documents[] = {
    {"empty", "", errc::not_json, {1, 1}},
    {"white space", " \n ", errc::not_json, {2, 2}},
    {"byte order mark", "\xEF\xBB\xBF{}", errc::not_json, {1, 1}},
    {"trailing garbage", "{}\nx", errc::not_json, {2, 1}},
    {"a second document", "{}{}", errc::not_json, {1, 3}},
    {"cut short", "{\"a\": [1,", errc::not_json, {1, 10}},
    {"an array", "[]", errc::not_an_object, {1, 1}},
    {"a text", "\n\"x\"", errc::not_an_object, {2, 1}},
    {"a number", "12", errc::not_an_object, {1, 1}},
    {"null", "null", errc::not_an_object, {1, 1}},
    {"a comment", "{\n// x\n}", errc::not_json, {2, 1}},
    {"single quotes", "{'a':1}", errc::not_json, {1, 2}},
    {"invalid UTF-8", "{\"é\xFF\":1}", errc::not_json, {1, 4}},
    {"a lone surrogate", "{\"a\":\"\\udc00\"}", errc::not_json, {1, 13}},
    {"a NUL", "{\"a\":1}\0"s, errc::not_json, {1, 8}},
    {"nested too deeply",
     "{\"a\":" + std::string(json_depth_max, '[') + std::string(json_depth_max, ']') + "}",
     errc::too_deep,
     {1, 5 + json_depth_max}},
    {"a conflict", "{\n<<<<<<< HEAD\n\"a\":1\n=======\n>>>>>>> x\n}", errc::conflict_marks, {2, 1}},
    {"a repeated section", "{\"a\":1,\n\"\\u0061\":1}", errc::repeated_name, {2, 1}},
    {"a repeated adapter", "{\"adapters\":{\"a\":{},\"a\":{}}}", errc::repeated_name, {1, 21}},
    {"a repeated member of a view",
     "{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":{\n\"x\":1,\"x\":1}}}}}",
     errc::repeated_name,
     {2, 7}},
    {"a name in another case",
     "{\"adapters\":{\"a\":{\"SOURCE_digest\":\"\"}}}",
     errc::name_differs_in_case,
     {1, 19}},
    {"adapters of a wrong type", "{\"adapters\":[]}", errc::wrong_type, {1, 13}},
    {"an adapter that is null", "{\"adapters\":{\"a\":null}}", errc::wrong_type, {1, 18}},
    {"a view that is null",
     "{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":null}}}}",
     errc::wrong_type,
     {1, 45}},
    {"a digest that is a number", "{\"adapters\":{\"a\":{\"source_digest\":7}}}", errc::wrong_type, {1, 35}},
};

TEST(LockfileStoreBroken, ADocumentThatCantBeReadIsReportedByPlaceAndLeftAsItIs) {
  for (const broken_document& one : broken_documents) {
    const temporary_directory directory;
    const std::string path = directory.make_file("lock", one.text, 0640);
    const auto before = snapshot_of(path);
    const std::string place =
        path + ":" + std::to_string(one.at.line) + ":" + std::to_string(one.at.column) + ": ";
    for (const store_attempt& way : every_attempt()) {
      SCOPED_TRACE(std::string(one.what) + ", " + way.name);
      const auto done = way.run(lockfile_store(path));
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code(), one.code) << done.error().message();
      EXPECT_EQ(done.error().position(), one.at) << done.error().message();
      EXPECT_TRUE(done.error().message().starts_with(place)) << done.error().message();
      EXPECT_EQ(snapshot_of(path), before);
      EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
    }
  }
}

TEST(LockfileStoreBroken, ADocumentThatBreaksAfterItWasLoadedIsNotSavedOver) {
  for (const broken_document& one : broken_documents) {
    SCOPED_TRACE(one.what);
    const temporary_directory directory;
    const std::string path = directory.make_file("lock", "{}\n");
    const lockfile_store store(path);
    auto loaded = store.load();
    ASSERT_TRUE(loaded);
    ASSERT_TRUE(activate_new(loaded->file()));
    (void)directory.make_file("lock", one.text);
    const auto before = snapshot_of(path);
    const auto saved = store.save(*loaded);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code(), one.code) << saved.error().message();
    EXPECT_EQ(snapshot_of(path), before);
    EXPECT_EQ(names_in(directory.path()), (names{"lock"}));
    // Mended, it can be saved after all.
    (void)directory.make_file("lock", "{\"x\":1}\n");
    EXPECT_TRUE(store.save(*loaded));
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
