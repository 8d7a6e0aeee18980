// The deepest document is read, changed and written on the stack that the header says.
#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>
#include <string>
#include <string_view>

#include "agentslock/io/lock_document.hpp"

namespace agentslock {
namespace {

// Code that is not optimised, or is watched by a sanitizer, has larger frames.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr std::size_t times = 16;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr std::size_t times = 16;
#else
constexpr std::size_t times = 1;
#endif
#else
constexpr std::size_t times = 1;
#endif

void* run_work(void* work) {
  (*static_cast<const std::function<void()>*>(work))();
  return nullptr;
}

/// Runs on a thread with a stack of that size, that it would not outlive to overflow.
void run_on_stack(std::size_t bytes, const std::function<void()>& work) {
  pthread_attr_t attributes;
  ASSERT_EQ(::pthread_attr_init(&attributes), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread{};
  auto copy = work;
  ASSERT_EQ(::pthread_create(&thread, &attributes, run_work, &copy), 0);
  ASSERT_EQ(::pthread_join(thread, nullptr), 0);
  ::pthread_attr_destroy(&attributes);
}

struct nesting {
  std::string_view open;
  std::string_view close;
  std::size_t levels;
};
constexpr nesting nestings[] = {{"[", "]", 1}, {"{\"k\":", "}", 1}, {"[{\"k\":", "}]", 2}, {"[0,", "]", 1}};

std::string nested(const nesting& how, std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels / how.levels; ++i)
    text += how.open;
  text += "1";
  for (std::size_t i = 0; i < levels / how.levels; ++i)
    text += how.close;
  return text;
}

/// Changes what can be changed of a document, and reads that again.
void change_all(const std::string& text, const std::string& section) {
  auto parsed = lock_document::parse(text_buffer(std::string_view(text)), "path");
  ASSERT_TRUE(parsed) << parsed.error().message();
  lockfile adapters = std::move(parsed->adapters);
  if (adapters.find_adapter("a") != nullptr) {
    ASSERT_TRUE(adapters.mark_dependee_bumped("b", timestamp()));
  }
  ASSERT_TRUE(adapters.activate("b", "s", "d", timestamp()));
  staged_changes changes;
  ASSERT_TRUE(changes.set_section("section", section));
  const text_buffer changed = parsed->document.render(changes.staged(), &adapters).text();
  ASSERT_NE(changed.view(), text);
  const auto again = lock_document::parse(changed, "path");
  ASSERT_TRUE(again) << again.error().message();
}

TEST(Stack, TheDeepestDocumentNeedsNoMoreThanIsSaid) {
  for (const nesting& how : nestings) {
    const std::string section = nested(how, json_depth_max - 1);
    const std::string in_a_section = "{\"section\":" + section + "}";
    const std::string in_a_view =
        "{\"adapters\":{\"a\":{\"materialized_views\":{\"v\":{\"view_digest\":\"x\",\"view_status\":"
        "\"ready\","
        "\"depends_on\":[{\"adapter\":\"b\",\"schema_digest\":\"\",\"version\":\"\"}],\"mine\":" +
        nested(how, json_depth_max - 5) + "}}}}}";
    run_on_stack(times * json_stack_bytes, [&] {
      change_all(in_a_section, nested(how, json_depth_max - 2) + " ");
      change_all(in_a_view, section);
    });
  }
}

TEST(Stack, ADocumentOfAHundredLevelsNeedsLittle) {
  constexpr std::size_t little = 64 * 1024;
  for (const nesting& how : nestings) {
    const std::string text = "{\"section\":" + nested(how, 98) + "}";
    run_on_stack(times * little, [&] { change_all(text, nested(how, 90)); });
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
