// A lockfile in which every status and every kind of entry occurs, and every operation on it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::testing {

/// A time, some seconds after 2026-07-01T12:00:00Z.
[[nodiscard]] inline timestamp at(int seconds) {
  using namespace std::chrono;
  return sys_days(year{2026} / 7 / 1) + hours(12) + std::chrono::seconds(seconds);
}

inline void copy_entries(const lockfile& file, lockfile_restorer& into) {
  for (const auto& [adapter_name, source] : file.adapters()) {
    adapter& owner = *into.add_adapter(into.keep(adapter_name));
    owner.source_digest = into.keep(source.source_digest);
    owner.schema_digest = into.keep(source.schema_digest);
    owner.activated_at = into.keep(source.activated_at);
    for (const auto& [view_name, original] : source.views) {
      view& entry = *into.add_view(owner, into.keep(view_name));
      entry.status = recorded_status(into.keep(original.status.text()));
      entry.view_digest = into.keep(original.view_digest);
      entry.last_rebuilt_at = into.keep(original.last_rebuilt_at);
      entry.last_validation_at = into.keep(original.last_validation_at);
      for (const dependency& item : original.depends_on) {
        entry.depends_on.push_back(
            {into.keep(item.adapter), into.keep(item.schema_digest), into.keep(item.version)});
      }
      std::vector<audit_entry> log;
      for (const audit_entry& item : original.state_history.entries()) {
        log.push_back(
            {into.keep(item.at), into.keep(item.from), into.keep(item.to), into.keep(item.trigger)});
      }
      entry.state_history.restore(log);
    }
  }
}

/// A lockfile that says the same and knows nothing about which of its entries have changed.
[[nodiscard]] inline lockfile rebuilt(const lockfile& file) {
  lockfile_restorer restore;
  copy_entries(file, restore);
  return std::move(restore).finish();
}

/// comp keeps a view in every state, one with a full log; zeta keeps one view; alpha and crg keep none.
[[nodiscard]] inline lockfile adapters_world() {
  lockfile file;
  const dependency on_crg[] = {{"crg", "sha256:d0", "1.0.0"}};
  const dependency on_both[] = {{"crg", "sha256:d0", "1.0.0"}, {"other/<é>", "sha256:o0", ""}};
  EXPECT_TRUE(file.activate("alpha", "sha256:a", "sha256:as", at(0)));
  EXPECT_TRUE(file.activate("crg", "sha256:c", "sha256:d0", at(0)));
  EXPECT_TRUE(file.register_view({"comp", "many"}, "sha256:v4", on_crg, at(1)));
  for (int i = 0; i < 12; ++i) {
    EXPECT_TRUE(file.mark_dependee_bumped("crg", at(10 * i + 2)));
    EXPECT_TRUE(file.resolve_recompat({"comp", "many"}, verdict::passed, {}, at(10 * i + 3)));
    EXPECT_TRUE(file.mark_view_rebuilt({"comp", "many"}, "sha256:v4", schemas_not_known, at(10 * i + 4)));
  }
  EXPECT_TRUE(file.register_view({"comp", "recompat"}, "sha256:v1", on_crg, at(200)));
  EXPECT_TRUE(file.register_view({"comp", "rebuild"}, "sha256:v2", on_both, at(200)));
  EXPECT_TRUE(file.register_view({"comp", "dsl-update"}, "sha256:v3", on_crg, at(200)));
  EXPECT_TRUE(file.mark_dependee_bumped("crg", at(201)));
  EXPECT_TRUE(file.resolve_recompat({"comp", "many"}, verdict::passed, {}, at(202)));
  EXPECT_TRUE(file.mark_view_rebuilt({"comp", "many"}, "sha256:v4", schemas_not_known, at(203)));
  EXPECT_TRUE(file.resolve_recompat({"comp", "rebuild"}, verdict::passed, on_both, at(204)));
  EXPECT_TRUE(file.resolve_recompat({"comp", "dsl-update"}, verdict::failed, {}, at(205)));
  EXPECT_TRUE(file.register_view({"comp", "ready"}, "sha256:v5", on_both, at(206)));
  EXPECT_TRUE(file.register_view({"comp", "alone"}, "sha256:v6", {}, at(206)));
  EXPECT_TRUE(file.activate("comp", "sha256:s", "sha256:cs", at(207)));
  EXPECT_TRUE(file.register_view({"zeta", "only <one>"}, "sha256:z", {}, at(208)));

  // A status that is none of the four comes from documents only.
  lockfile_restorer with_garbled;
  copy_entries(file, with_garbled);
  adapter& owner = *with_garbled.add_adapter("garbled");
  with_garbled.add_view(owner, "g")->status = recorded_status("what is this?");
  return std::move(with_garbled).finish();
}

/// A change of a lockfile.
struct operation {
  std::string name;
  std::function<void(lockfile&)> apply;
};

/// Every operation of lockfile.hpp on the world, on first, middle, last and only entries.
[[nodiscard]] inline std::vector<operation> operations_on_world() {
  static const dependency new_deps[] = {
      {"other/<é>", "sha256:o1", "2"}, {"crg", "sha256:d1", "2.0.0"}, {"third", "", ""}};
  static const dependency one_dep[] = {{"other/<é>", "sha256:o0", ""}};
  std::vector<operation> all;
  const auto add = [&](std::string name, std::function<void(lockfile&)> apply) {
    all.push_back({std::move(name), std::move(apply)});
  };
  for (const char* name : {"0", "beta", "zz", "a\"<\n\u2028>"}) {
    add(std::string("activate new ") + name,
        [=](lockfile& f) { EXPECT_TRUE(f.activate(name, "sha256:n", "sha256:ns", at(900))); });
    add(std::string("register in a new adapter ") + name, [=](lockfile& f) {
      EXPECT_TRUE(f.register_view({name, "v"}, "sha256:n", new_deps, at(900)));
    });
    add(std::string("register new ") + name, [=](lockfile& f) {
      EXPECT_TRUE(f.register_view({"comp", name}, "sha256:n", {}, at(900)));
    });
  }
  for (const char* name : {"alpha", "comp", "garbled", "zeta"}) {
    add(std::string("activate again ") + name,
        [=](lockfile& f) { EXPECT_TRUE(f.activate(name, "sha256:n", "sha256:ns", at(900))); });
    add(std::string("remove adapter ") + name, [=](lockfile& f) { EXPECT_TRUE(f.remove_adapter(name)); });
    add(std::string("remove and activate ") + name, [=](lockfile& f) {
      EXPECT_TRUE(f.remove_adapter(name));
      EXPECT_TRUE(f.activate(name, "sha256:n", "sha256:ns", at(900)));
    });
    add(std::string("remove and register in ") + name, [=](lockfile& f) {
      EXPECT_TRUE(f.remove_adapter(name));
      EXPECT_TRUE(f.register_view({name, "fresh"}, "sha256:f", {}, at(900)));
    });
  }
  add("register where there are no views", [](lockfile& f) {
    EXPECT_TRUE(f.register_view({"alpha", "v"}, "sha256:n", new_deps, at(900)));
  });
  add("register twice where there are no views", [](lockfile& f) {
    EXPECT_TRUE(f.register_view({"alpha", "w"}, "sha256:n", {}, at(900)));
    EXPECT_TRUE(f.register_view({"alpha", "v"}, "sha256:n", new_deps, at(900)));
  });
  add("bump", [](lockfile& f) { EXPECT_TRUE(f.mark_dependee_bumped("crg", at(900))); });
  add("bump to a version", [](lockfile& f) {
    EXPECT_TRUE(f.mark_dependee_bumped("crg", at(900), {"sha256:d1", "<2>"}));
  });
  add("validation passes", [](lockfile& f) {
    EXPECT_TRUE(f.resolve_recompat({"comp", "recompat"}, verdict::passed, {}, at(900)));
  });
  add("validation passes with other dependencies", [](lockfile& f) {
    EXPECT_TRUE(f.resolve_recompat({"comp", "recompat"}, verdict::passed, new_deps, at(900)));
  });
  add("validation passes with fewer dependencies", [](lockfile& f) {
    EXPECT_TRUE(f.resolve_recompat({"comp", "dsl-update"}, verdict::passed, one_dep, at(900)));
  });
  add("validation fails", [](lockfile& f) {
    EXPECT_TRUE(f.resolve_recompat({"comp", "recompat"}, verdict::failed, {}, at(900)));
  });
  add("validation fails again", [](lockfile& f) {
    EXPECT_TRUE(f.resolve_recompat({"comp", "dsl-update"}, verdict::failed, {}, at(900)));
  });
  add("rebuild", [](lockfile& f) {
    EXPECT_TRUE(f.mark_view_rebuilt({"comp", "rebuild"}, "sha256:new", schemas_not_known, at(900)));
  });
  add("reconcile without a store", [](lockfile& f) {
    reconcile_report report;
    EXPECT_TRUE(f.reconcile(nothing_present, report, at(900)));
  });
  add("cut over", [](lockfile& f) {
    const lockfile given = f;
    std::vector<cutover_verdict> verdicts;
    const std::vector<owned_key> candidates = given.cutover_candidates("crg", "sha256:d1");
    for (view_key key : candidates) {
      verdicts.push_back({key, key.view == "ready" ? verdict::failed : verdict::passed, {}});
    }
    EXPECT_TRUE(f.cutover({"crg", "sha256:s1", "sha256:d1", "2"}, verdicts, given, at(900)));
  });
  for (const char* name : {"alone", "many", "recompat"}) {
    add(std::string("remove view ") + name, [=](lockfile& f) { EXPECT_TRUE(f.remove_view({"comp", name})); });
  }
  add("remove the only view", [](lockfile& f) { EXPECT_TRUE(f.remove_view({"zeta", "only <one>"})); });
  add("remove the only view and register another", [](lockfile& f) {
    EXPECT_TRUE(f.remove_view({"zeta", "only <one>"}));
    EXPECT_TRUE(f.register_view({"zeta", "new"}, "sha256:n", {}, at(900)));
  });
  add("remove a view and register it again", [](lockfile& f) {
    EXPECT_TRUE(f.remove_view({"comp", "many"}));
    EXPECT_TRUE(f.register_view({"comp", "many"}, "sha256:again", new_deps, at(900)));
  });
  add("remove all views of an adapter one by one", [](lockfile& f) {
    for (const char* name : {"alone", "dsl-update", "many", "ready", "rebuild", "recompat"})
      EXPECT_TRUE(f.remove_view({"comp", name}));
  });
  add("remove everything", [](lockfile& f) {
    for (const char* name : {"alpha", "comp", "crg", "garbled", "zeta"})
      EXPECT_TRUE(f.remove_adapter(name));
  });
  add("nothing", [](lockfile&) {});
  return all;
}

/// A whole document with an adapters section and neighbours, in a layout.
[[nodiscard]] inline std::string document_of(const lockfile& file, const json_layout& layout) {
  json_writer write(layout, "");
  write.begin_object();
  write.name("adapters");
  write_adapters(write, file);
  write.name("config");
  write.value(R"({"k":[1.0,"\u0061"]})");
  write.name("lock_version");
  write.value("1");
  write.end_object();
  return std::move(write).text() + "\n";
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
