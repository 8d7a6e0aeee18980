// The document: read and reconciled, changed and written, against the same bytes read, copied and written.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "agentslock/io/lockfile_store.hpp"
#include "agentslock/io/merge_document.hpp"
#include "agentslock/io/reconcile_document.hpp"
#include "document_generator.hpp"
#include "support.hpp"

namespace agentslock::bench {
namespace {

using contents = store_of_document::contents;

store_options options(durability durable) {
  store_options chosen;
  chosen.durable = durable;
  return chosen;
}

std::string path_of(std::size_t views) {
  return work_directory() + "/" + std::to_string(views) + ".lock";
}

void put_document(std::size_t views) {
  put_file(path_of(views), document(views));
}

/// Measuring something that fails would be of no use.
template <class Result>
void must_hold(const Result& done) {
  if (!done) std::abort();
}

/// A document of a generated size, and what a store holds for it.
class project {
 public:
  project(std::size_t views, contents of_store)
      : parsed_(lock_document::parse(text_buffer(document(views)), "document")),
        holds_(parsed_.value().adapters, of_store) {}

  [[nodiscard]] loaded_lockfile load_and_reconcile(const lockfile_store& store) {
    auto loaded = store.load();
    must_hold(loaded);
    reconcile_visitor nobody;
    must_hold(loaded->file().reconcile(holds_.ask(), nobody, store.now()));
    return std::move(*loaded);
  }
  [[nodiscard]] const lockfile& file() const { return parsed_->adapters; }

 private:
  result<parsed_document> parsed_;
  store_of_document holds_;
};

/// A store that knows the answers before it is asked, in the order in which it will be: costs no more than their texts.
class answers_in_order final : public presence_source {
 public:
  explicit answers_in_order(const lockfile& file) {
    for (const auto& [adapter_name, owner] : file.adapters()) {
      for (const auto& [view_name, entry] : owner.views) {
        if (needs_presence(entry.status.state())) answers_.emplace_back(entry.view_digest);
      }
    }
  }
  [[nodiscard]] result<stored_view> find(view_key) override {
    if (next_ == answers_.size()) next_ = 0;
    return answers_[next_++];
  }

 private:
  std::vector<stored_view> answers_;
  std::size_t next_ = 0;
};

std::size_t views_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void load(benchmark::State& state, int rounds) {
  const std::string path = path_of(views_of(state));
  put_document(views_of(state));
  const lockfile_store store(path);
  project known(views_of(state), contents::as_recorded);
  compare(
      state, rounds, [] {}, [&] { benchmark::DoNotOptimize(read_file(path)); },
      [&] { benchmark::DoNotOptimize(known.load_and_reconcile(store)); });
}

/// The one call that most programs make, which compares the records of dependees, too; against the kernel's pass alone.
void whole_pass(benchmark::State& state, int rounds) {
  const std::string path = path_of(views_of(state));
  put_document(views_of(state));
  const lockfile_store store(path);
  project known(views_of(state), contents::as_recorded);
  answers_in_order views(known.file());
  compare(
      state, rounds, [] {}, [&] { benchmark::DoNotOptimize(known.load_and_reconcile(store)); },
      [&] { benchmark::DoNotOptimize(reconcile_document(store, views, reconcile_mode::write)); });
}

void change(benchmark::State& state, int rounds) {
  const std::size_t views = views_of(state);
  const lockfile_store store(path_of(views), options(durability::unsynced));
  project known(views, contents::one_in_a_hundred_gone);
  compare(
      state, rounds, [&] { put_document(views); },
      [&] {
        const bytes read = read_file(path_of(views));
        const auto copy = std::make_unique_for_overwrite<char[]>(read.size);
        std::memcpy(copy.get(), read.data.get(), read.size);
        write_and_rename(path_of(views), {copy.get(), read.size}, wait_for_disk::no);
      },
      [&] {
        auto loaded = known.load_and_reconcile(store);
        must_hold(store.save(loaded));
      });
}

void durable_save(benchmark::State& state, int rounds) {
  const std::size_t views = views_of(state);
  const lockfile_store store(path_of(views), options(durability::synced));
  project known(views, contents::one_in_a_hundred_gone);
  std::optional<loaded_lockfile> loaded;
  compare(
      state, rounds,
      [&] {
        put_document(views);
        loaded = known.load_and_reconcile(store);
      },
      [&] { write_and_rename(path_of(views), document(views), wait_for_disk::yes); },
      [&] { must_hold(store.save(*loaded)); });
}

void copy(benchmark::State& state, int rounds) {
  const std::string& text = document(views_of(state));
  put_document(views_of(state));
  compare(
      state, rounds, [] {},
      [&] {
        const auto copied = std::make_unique_for_overwrite<char[]>(text.size());
        std::memcpy(copied.get(), text.data(), text.size());
        benchmark::DoNotOptimize(copied.get());
      },
      [&] { benchmark::DoNotOptimize(read_file(path_of(views_of(state)))); });
}

/// Every ready view changed by both sides, against parsing the three documents.
void merge(benchmark::State& state, int rounds) {
  const branched_document sides = make_branches(views_of(state));
  const auto never = [](const document_versions&) -> result<merged_lines> { std::abort(); };
  compare(
      state, rounds, [] {},
      [&] {
        for (const std::string* text : {&sides.base, &sides.ours, &sides.theirs})
          must_hold(lock_document::parse(text_buffer(*text), "document"));
      },
      [&] {
        must_hold(merge_documents({sides.base, sides.ours, sides.theirs}, {}, never));
      });
}

/// For documents of these sizes, with as many rounds as take some tenths of a second.
void add(const std::string& work, void (*compared)(benchmark::State&, int),
         std::initializer_list<std::pair<int, int>> views_and_rounds) {
  for (const auto& [views, rounds] : views_and_rounds)
    benchmark::RegisterBenchmark(work.c_str(), compared, rounds)->Arg(views)->Iterations(1);
}

[[maybe_unused]] const bool added = [] {
  add("load", load, {{10, 1'000}, {1'000, 100}, {100'000, 3}});
  add("whole_pass", whole_pass, {{10, 1'000}, {1'000, 100}, {100'000, 5}});
  add("change", change, {{10, 100}, {1'000, 30}, {100'000, 3}});
  add("durable_save", durable_save, {{10, 30}});
  add("merge", merge, {{1'000, 30}});
  add("copy", copy, {{100'000, 3}});
  return true;
}();

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
