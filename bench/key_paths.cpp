// The key paths, each on a fixed input, for counting their instructions: key_paths NAME runs one; without a name it lists
// them. "document" writes one with 10 views to standard output. Callgrind counts what happens inside `counted` and nothing else. See instructions.py.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/merge_document.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "document_generator.hpp"

namespace agentslock::bench {

/// Not inlined, so that callgrind sees where counting begins and ends.
[[gnu::noinline]] void counted(const std::function<void()>& work);
void counted(const std::function<void()>& work) {
  work();
}

namespace {

using contents = store_of_document::contents;

template <class Value>
void keep(const Value& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

template <class Result>
auto need(Result&& made) {
  if (!made) std::abort();
  return std::forward<Result>(made);
}

parsed_document parsed(std::size_t views) {
  return *need(lock_document::parse(text_buffer(make_document(views)), "document"));
}

/// A pass by a store with these contents, by `counted` or not.
void pass(lockfile& file, contents holds, void (*run)(const std::function<void()>&)) {
  store_of_document store(file, holds);
  reconcile_visitor nobody;
  run([&] { keep(need(file.reconcile(store.ask(), nobody, timestamp()))); });
}
void not_counted(const std::function<void()>& work) {
  work();
}

void transitions() {
  counted([] {
    for (unsigned round = 0; round < 10'000; ++round) {
      for (const transition& row : transition_table)
        keep(step(row.from, row.cause));
    }
  });
}

void decisions() {
  counted([] {
    for (unsigned round = 0; round < 10'000; ++round) {
      for (view_state recorded : recorded_states)
        keep(decide(recorded, static_cast<observation>(round % observation_count)));
    }
  });
}

void parse_1000() {
  const text_buffer text(make_document(1'000));
  counted([&] { keep(need(lock_document::parse(text, "document"))); });
}

void pass_without_change_1000() {
  lockfile file = parsed(1'000).adapters;
  pass(file, contents::as_recorded, counted);
}

void pass_with_changes_1000() {
  lockfile file = parsed(1'000).adapters;
  pass(file, contents::one_in_a_hundred_gone, counted);
}

void render_1000() {
  auto [document, file] = parsed(1'000);
  pass(file, contents::one_in_a_hundred_gone, not_counted);
  counted([&document = document, &file = file] { keep(document.render({}, &file).pieces()); });
}

void merge_1000() {
  const branched_document sides = make_branches(1'000);
  const auto never = [](const document_versions&) -> result<merged_lines> { std::abort(); };
  counted([&] { keep(need(merge_documents({sides.base, sides.ours, sides.theirs}, {}, never))); });
}

/// A document in a directory of its own, removed afterwards.
class document_on_disk {
 public:
  explicit document_on_disk(std::size_t views) {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    store_options options;
    options.durable = durability::unsynced;
    store_ = std::make_unique<lockfile_store>(path(), options);
    const std::string text = make_document(views);
    std::FILE* file = std::fopen(path().c_str(), "wb");
    if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size()) std::abort();
    std::fclose(file);
  }
  document_on_disk(const document_on_disk&) = delete;
  document_on_disk& operator=(const document_on_disk&) = delete;
  ~document_on_disk() {
    ::unlink(path().c_str());
    ::rmdir(directory_.c_str());
  }
  [[nodiscard]] const lockfile_store& store() const noexcept { return *store_; }

 private:
  [[nodiscard]] std::string path() const { return directory_ + "/lock"; }

  std::string directory_ = "/tmp/agentslock-XXXXXX";
  std::unique_ptr<lockfile_store> store_;
};

void load_10() {
  const document_on_disk document(10);
  counted([&] { keep(need(document.store().load())); });
}

void save_10() {
  const document_on_disk document(10);
  auto loaded = need(document.store().load());
  pass(loaded->file(), contents::one_in_a_hundred_gone, not_counted);
  counted([&] { keep(need(document.store().save(*loaded))); });
}

void check_without_store_10() {
  const document_on_disk document(10);
  counted([&] { keep(need(check_without_store(document.store()))); });
}

void reconcile_document_100() {
  const document_on_disk document(100);
  const auto loaded = need(document.store().load());
  function_presence views([&](view_key key) -> result<stored_view> {
    return stored_view(std::string(loaded->file().find_view(key)->view_digest));
  });
  counted([&] { keep(need(reconcile_document(document.store(), views, reconcile_mode::check))); });
}

const std::map<std::string_view, void (*)()> paths{
    {"transitions", transitions},
    {"decisions", decisions},
    {"parse_1000", parse_1000},
    {"pass_without_change_1000", pass_without_change_1000},
    {"pass_with_changes_1000", pass_with_changes_1000},
    {"render_1000", render_1000},
    {"merge_1000", merge_1000},
    {"load_10", load_10},
    {"save_10", save_10},
    {"check_without_store_10", check_without_store_10},
    {"reconcile_document_100", reconcile_document_100},
};

}  // namespace
}  // namespace agentslock::bench

int main(int argc, char** argv) {
  using agentslock::bench::paths;
  if (argc == 2 && argv[1] == std::string_view("document")) {
    const std::string text = agentslock::bench::make_document(10);
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (argc == 2) {
    const auto found = paths.find(argv[1]);
    if (found == paths.end()) return EXIT_FAILURE;
    found->second();
    return EXIT_SUCCESS;
  }
  for (const auto& [name, run] : paths)
    std::printf("%s\n", std::string(name).c_str());
  return EXIT_SUCCESS;
}
// SPDX-License-Identifier: Apache-2.0
