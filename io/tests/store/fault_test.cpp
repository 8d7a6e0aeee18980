// Every system call of every operation fails once, with every error that fits it, and nothing is lost. At large bounds, every
// two calls.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <span>

#include "agentslock/io/lockfile_store.hpp"
#include "figure.hpp"
#include "support/exploring.hpp"
#include "support/faults.hpp"
#include "support/memory_platform.hpp"
#include "support/places_on_disk.hpp"

namespace agentslock::testing {
namespace {

constexpr std::string_view old_text =
    "{\n  \"adapters\": {\n    \"a\": {\n      \"source_digest\": \"s\",\n      \"schema_digest\": \"d\",\n  "
    "    "
    "\"activated_at\": \"t\"\n    }\n  },\n  \"lock_version\": 1\n}\n";

/// The protocol's times, but few tries: a wait of five hundred of them shows no more than one of three.
store_options few_tries() {
  store_options options;
  options.lock.poll = std::chrono::seconds(2);
  return options;
}

result<> add_adapter(lockfile& file, std::string_view name) {
  if (auto done = file.activate(name, "s", "d", timestamp()); !done) return error(done.why());
  return {};
}

/// What an operation finds beside the document.
enum class finds {
  nothing,
  no_directory,
  no_nameless_files,
  no_hard_links,
  stale_sidecar,
  stale_sidecar_directory,
  document_of_another
};

/// One operation that is tried, and whether the document is another when it succeeds.
struct operation {
  const char* what;
  std::function<result<>(memory_process&)> run;
  bool writes;
  finds found = finds::nothing;
};

result<> update(memory_process& process) {
  return lockfile_store(document_path, few_tries(), process.on()).update([](lockfile& file) {
    return add_adapter(file, "new");
  });
}

result<> hold(memory_process& process) {
  const auto lock = sidecar_lock::acquire(process.on(), document_path, few_tries().lock);
  if (!lock) return lock.error();
  return lock->publish(
      {.check = [] { return result<>(); }, .put = [] { return result<>(); }, .is_seen = [] { return true; }});
}

const std::vector<operation>& operations() {
  static const std::vector<operation> all{
      {"load",
       [](memory_process& process) -> result<> {
         const auto loaded = lockfile_store(document_path, few_tries(), process.on()).load();
         if (!loaded) return loaded.error();
         return {};
       },
       false},
      {"save",
       [](memory_process& process) -> result<> {
         const lockfile_store store(document_path, few_tries(), process.on());
         auto loaded = store.load();
         if (!loaded) return loaded.error();
         if (auto done = add_adapter(loaded->file(), "new"); !done) return done;
         return store.save(*loaded);
       },
       true},
      {"update", update, true},
      {"update in a missing directory", update, true, finds::no_directory},
      {"update without nameless files", update, true, finds::no_nameless_files},
      {"update without hard links", update, true, finds::no_hard_links},
      {"update another user's document", update, true, finds::document_of_another},
      {"flush",
       [](memory_process& process) -> result<> {
         staged_changes changes;
         if (auto staged = changes.set_section("units", R"({"new": 1})"); !staged) return staged;
         return lockfile_store(document_path, few_tries(), process.on()).flush(changes);
       },
       true},
      {"acquire and release",
       [](memory_process& process) -> result<> {
         auto lock = sidecar_lock::acquire(process.on(), document_path, few_tries().lock);
         if (!lock) return lock.error();
         lock->release();
         return {};
       },
       false},
      {"take over a stale sidecar", hold, false, finds::stale_sidecar},
      {"take over a stale directory", hold, false, finds::stale_sidecar_directory},
      {"break",
       [](memory_process& process) -> result<> { return break_sidecar(process.on(), document_path, "dead"); },
       false, finds::stale_sidecar},
      {"look",
       [](memory_process& process) -> result<> {
         const auto status = look_at_sidecar(process.on(), document_path);
         if (!status) return status.error();
         return {};
       },
       false},
  };
  return all;
}

void set_up(memory_disk& disk, const operation& operation, bool with_document) {
  if (operation.found == finds::no_directory) {
    disk.put_directory("/");
    return;
  }
  disk.put_directory(directory);
  if (with_document) disk.put_file(document_path, old_text);
  disk.has_nameless_files = operation.found != finds::no_nameless_files;
  disk.has_hard_links = operation.found != finds::no_hard_links;
  if (operation.found == finds::document_of_another) {
    call_hook nothing;
    memory_process another(disk, nothing, 9);
    const int file = *another.open(document_path, open_how::read, 0);
    EXPECT_TRUE(another.set_owner(file, 1001, 1002));
    // Version 2, then: owner, user 1003, group, mask, others.
    EXPECT_TRUE(another.set_access_list(
        file, std::string("\2\0\0\0\1\0\6\0\xFF\xFF\xFF\xFF\2\0\4\0\xEB\3\0\0\4\0\4\0\xFF\xFF\xFF\xFF"
                          "\x10\0\4\0\xFF\xFF\xFF\xFF\x20\0\4\0\xFF\xFF\xFF\xFF",
                          44)));
    EXPECT_TRUE(another.close(file));
    return;
  }
  if (operation.found != finds::stale_sidecar && operation.found != finds::stale_sidecar_directory) return;
  const sidecar_identity dead{77, disk.clock.wall - std::chrono::minutes(1), "dead", std::nullopt};
  const std::string sidecar = std::string(document_path) + ".lock";
  if (operation.found == finds::stale_sidecar) {
    disk.put_file(sidecar, to_text(dead));
  } else {
    disk.put_directory(sidecar);
    disk.put_file(sidecar + "/holder", to_text(dead));
  }
}

/// An operation on a document, as it goes when it meets no fault.
struct trial {
  const operation& what;
  bool with_document;
  std::optional<std::string> text_before;
  std::optional<std::string> text_done;
  std::vector<call_kind> calls;
};

trial without_faults(const operation& operation, bool with_document) {
  memory_disk disk;
  set_up(disk, operation, with_document);
  const auto before = disk.text_of(document_path);
  failing nothing({});
  memory_process process(disk, nothing, 10);
  const auto done = operation.run(process);
  EXPECT_TRUE(done) << operation.what << ": " << done.error().message();
  return {operation, with_document, before, disk.text_of(document_path), std::move(nothing.calls)};
}

struct tally {
  std::size_t faults = 0;
  std::size_t endured = 0;
  std::set<call_kind> kinds;
};

/// Runs an operation with faults, checks what it says and leaves, and returns the calls that it made.
std::vector<call_kind> try_faults(const trial& tried, std::span<const fault> faults, tally& count) {
  memory_disk disk;
  set_up(disk, tried.what, tried.with_document);
  failing injected(faults);
  memory_process process(disk, injected, 10);
  const auto done = tried.what.run(process);
  EXPECT_EQ(injected.happened, faults.size());
  ++count.faults;
  if (done) ++count.endured;
  std::string what = tried.what.what;
  std::set<call_kind> kinds;
  for (const fault& one : faults) {
    kinds.insert(injected.calls[one.call]);
    what += ", call " + std::to_string(one.call) + " (" + std::string(name(injected.calls[one.call])) +
            ") failing with " + std::to_string(one.error);
  }
  count.kinds.insert(kinds.begin(), kinds.end());

  // The document is the old or the new one, and which, the result says.
  const auto now = disk.text_of(document_path);
  if (done) {
    EXPECT_EQ(now, tried.text_done) << what;
  } else {
    EXPECT_FALSE(done.error().message().empty()) << what;
    const bool in_place =
        done.error().code() == errc::not_durable || done.error().code() == errc::outcome_uncertain;
    EXPECT_EQ(now, in_place ? tried.text_done : tried.text_before) << what << ": " << done.error().message();
    EXPECT_FALSE(std::ranges::all_of(faults, [](const fault& one) { return one.error == EINTR; }))
        << what << ": an interrupted call is made again: " << done.error().message();
  }
  EXPECT_EQ(disk.open_files(), 0U) << what;

  // The next writer goes on at once, whatever was left, and soon nothing is left.
  call_hook nothing;
  memory_process next(disk, nothing, 11);
  const auto before = disk.clock.boot;
  const auto went_on = lockfile_store(document_path, few_tries(), next.on()).update([](lockfile& file) {
    return add_adapter(file, "next");
  });
  // Without the queue a sidecar is not marked with it: the next one has to wait, if another fault left it there.
  const bool left_unmarked = kinds.contains(call_kind::open_directory) || kinds.contains(call_kind::lock) ||
                             kinds.contains(call_kind::place_of) || kinds.contains(call_kind::status_of);
  if (faults.size() < 2 || !left_unmarked) {
    EXPECT_TRUE(went_on) << what << ", then: " << went_on.error().message();
  }
  if (!left_unmarked) {
    EXPECT_EQ(disk.clock.boot, before) << what << ": the next writer had to wait";
  }
  // Of two links of one file that could not be removed, the one changes when the other is swept.
  for (std::size_t i = 0; i < faults.size(); ++i) {
    disk.clock.pass(std::chrono::seconds(31));
    memory_process sweeper(disk, nothing, 12 + static_cast<int>(i));
    EXPECT_TRUE(lockfile_store(document_path, few_tries(), sweeper.on()).update([&](lockfile& file) {
      return add_adapter(file, "last " + std::to_string(i));
    })) << what;
  }
  EXPECT_EQ(disk.names_in(directory), std::vector<std::string>{".agentsrc.lock"}) << what;
  return std::move(injected.calls);
}

/// Fails each of the calls from a number on with each error that fits it, beside the faults that are given.
void try_every_call(const trial& tried, std::span<const call_kind> calls, std::size_t from,
                    const std::vector<fault>& faults, tally& count) {
  for (std::size_t call = from; call < calls.size(); ++call) {
    for (int error : errors_that_fit(calls[call])) {
      std::vector<fault> more = faults;
      more.push_back({call, error});
      const auto made = try_faults(tried, more, count);
      if (how_far() == exploring::large && faults.empty()) try_every_call(tried, made, call + 1, more, count);
    }
  }
}

TEST(Faults, EveryCallOfEveryOperationMayFail) {
  tally total;
  for (const operation& operation : operations()) {
    for (bool with_document : {true, false}) {
      if (with_document && operation.found == finds::no_directory) continue;
      if (!with_document && operation.found == finds::document_of_another) continue;
      const trial tried = without_faults(operation, with_document);
      EXPECT_EQ(operation.writes, tried.text_before != tried.text_done) << operation.what;
      tally count;
      try_every_call(tried, tried.calls, 0, {}, count);
      EXPECT_GE(count.faults, 2 * tried.calls.size())
          << operation.what << ": too few calls could be made to fail";
      print_figure("faults", "%-36s %-16s %3zu calls, %4zu faults, %4zu of them endured", operation.what,
                   with_document ? "document there" : "no document", tried.calls.size(), count.faults,
                   count.endured);
      total.faults += count.faults;
      total.endured += count.endured;
      total.kinds.insert(count.kinds.begin(), count.kinds.end());
    }
  }
  print_figure("faults", "%zu faults in all, of %zu kinds of call", total.faults, total.kinds.size());
  // All kinds but sleeping, which can't fail.
  EXPECT_GE(total.kinds.size(), 26U);
}

}  // namespace
}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
