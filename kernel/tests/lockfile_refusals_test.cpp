// What the lockfile refuses, and that it changes nothing then.
#include "agentslock/kernel/lockfile.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "world.hpp"

namespace agentslock {
namespace {

using testing::at;
using testing::comp_v;
using testing::with_view_in;

constexpr std::string_view bad_text = "\xFF";
const timestamp no_time = timestamp::max();

/// One operation that is to be refused, and why.
struct refused_call {
  const char* what;
  refusal_code code;
  std::function<outcome<>(lockfile&)> call;
};

outcome<> without_value(const outcome<std::vector<owned_key>>& result) {
  if (!result) return result.why();
  return {};
}

TEST(Lockfile, EveryRefusalHasItsCodeAndChangesNothing) {
  const dependency good{"crg", "sha256:d0", ""};
  const dependency nameless{"", "sha256:d0", ""};
  const dependency bad_name{bad_text, "", ""};
  const dependency bad_digest{"crg", bad_text, ""};
  const dependency bad_version{"crg", "", bad_text};
  const auto span = [](const dependency& one) { return std::span<const dependency>(&one, 1); };
  using enum refusal_code;
  const refused_call calls[] = {
      {"activate without a name", empty_name, [](lockfile& f) { return f.activate("", "s", "d", at(1)); }},
      {"activate a bad name", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate(bad_text, "s", "d", at(1)); }},
      {"activate a bad source", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate("a", bad_text, "d", at(1)); }},
      {"activate a bad schema", refusal_code::not_utf8,
       [](lockfile& f) { return f.activate("a", "s", bad_text, at(1)); }},
      {"activate out of time", time_out_of_range,
       [](lockfile& f) { return f.activate("a", "s", "d", no_time); }},
      {"register without an adapter", empty_name,
       [&](lockfile& f) {
         return f.register_view({"", "v"}, "d", span(good), at(1));
       }},
      {"register without a view", empty_name,
       [&](lockfile& f) {
         return f.register_view({"a", ""}, "d", span(good), at(1));
       }},
      {"register a bad name", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", bad_text}, "d", span(good), at(1));
       }},
      {"register without a digest", empty_digest,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "", span(good), at(1));
       }},
      {"register a bad digest", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, bad_text, span(good), at(1));
       }},
      {"register a nameless dependency", empty_name,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(nameless), at(1));
       }},
      {"register a bad dependency", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_name), at(1));
       }},
      {"register a dependency with a bad digest", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_digest), at(1));
       }},
      {"register a dependency with a bad version", refusal_code::not_utf8,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(bad_version), at(1));
       }},
      {"register out of time", time_out_of_range,
       [&](lockfile& f) {
         return f.register_view({"a", "v"}, "d", span(good), no_time);
       }},
      {"register again", already_registered,
       [&](lockfile& f) { return f.register_view(comp_v, "d", span(good), at(1)); }},
      {"bump without a name", empty_name,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped("", at(1))); }},
      {"bump a bad name", refusal_code::not_utf8,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped(bad_text, at(1))); }},
      {"bump to a bad digest", refusal_code::not_utf8,
       [](lockfile& f) {
         return without_value(f.mark_dependee_bumped("crg", at(1), {bad_text, ""}));
       }},
      {"bump to a bad version", refusal_code::not_utf8,
       [](lockfile& f) {
         return without_value(f.mark_dependee_bumped("crg", at(1), {"", bad_text}));
       }},
      {"bump out of time", time_out_of_range,
       [](lockfile& f) { return without_value(f.mark_dependee_bumped("crg", no_time)); }},
      {"judge nobody", unknown_view,
       [](lockfile& f) {
         return f.resolve_recompat({"comp", "x"}, verdict::passed, {}, at(1));
       }},
      {"judge nobody's view", unknown_view,
       [](lockfile& f) {
         return f.resolve_recompat({"x", "v"}, verdict::failed, {}, at(1));
       }},
      {"judge a ready view", no_such_transition,
       [](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, {}, at(1)); }},
      {"judge with a nameless dependency", empty_name,
       [&](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, span(nameless), at(1)); }},
      {"judge out of time", time_out_of_range,
       [](lockfile& f) { return f.resolve_recompat(comp_v, verdict::passed, {}, no_time); }},
      {"rebuild nobody", unknown_view,
       [](lockfile& f) {
         return f.mark_view_rebuilt({"a", "x"}, "d", schemas_not_known, at(1));
       }},
      {"rebuild a ready view", no_such_transition,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "d", schemas_not_known, at(1)); }},
      {"rebuild without a digest", empty_digest,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "", schemas_not_known, at(1)); }},
      {"rebuild to a bad digest", refusal_code::not_utf8,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, bad_text, schemas_not_known, at(1)); }},
      {"rebuild out of time", time_out_of_range,
       [](lockfile& f) { return f.mark_view_rebuilt(comp_v, "d", schemas_not_known, no_time); }},
      {"remove nobody", unknown_view,
       [](lockfile& f) {
         return f.remove_view({"comp", "x"});
       }},
      {"remove no adapter", unknown_adapter, [](lockfile& f) { return f.remove_adapter("x"); }},
      {"remove what is needed", needed_by_ready_views, [](lockfile& f) { return f.remove_adapter("crg"); }},
  };
  for (const refused_call& one : calls) {
    lockfile file = with_view_in(view_state::ready);
    ASSERT_TRUE(file.activate("crg", "sha256:s", "sha256:d0", at(0)));
    const lockfile before = file;
    const outcome<> done = one.call(file);
    ASSERT_FALSE(done) << one.what;
    EXPECT_EQ(done.why().code, one.code) << one.what << ": " << done.why().message;
    EXPECT_FALSE(done.why().message.empty());
    EXPECT_EQ(file, before) << one.what;
  }
}

TEST(Lockfile, RefusalsNameTheViewAndItsStatus) {
  lockfile file = with_view_in(view_state::ready);
  EXPECT_EQ(file.mark_view_rebuilt(comp_v, "d", schemas_not_known, at(1)).why().message,
            "view comp/v is \"ready\": rebuilt is refused, it awaits no rebuild");
  EXPECT_EQ(file.resolve_recompat(comp_v, verdict::failed, {}, at(1)).why().message,
            "view comp/v is \"ready\": validation failed is refused, it awaits no verdict");
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
