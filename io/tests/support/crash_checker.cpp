#include "crash_checker.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "exploring.hpp"
#include "places_on_disk.hpp"

namespace agentslock::testing {
namespace {

/// Keeps the disk as it is before each call.
class recorder final : public call_hook {
 public:
  sys_result<> before(const system_call& call) override {
    disks.push_back(*disk);
    calls.emplace_back(std::string(name(call.kind)) + " " + call.path);
    return {};
  }
  std::size_t bytes_written_at_once(std::size_t wanted) override { return (wanted + 1) / 2; }

  std::vector<memory_disk> disks;
  std::vector<std::string> calls;
};

/// What the disk may hold of a file that was never synced, or has been written since.
std::vector<std::string> possible_bytes(const memory_disk::inode& file) {
  const std::string& all = file.data;
  std::vector<std::string> possible{all, "", std::string(all.size(), '\0')};
  const std::size_t tears = how_far() == exploring::large ? 16 : 2;
  for (std::size_t i = 1; i < tears; ++i) {
    const std::string part = all.substr(0, all.size() * i / tears);
    possible.push_back(part);
    possible.push_back(part + std::string(all.size() - part.size(), '\0'));
  }
  if (file.durable_data) possible.push_back(*file.durable_data);
  return possible;
}

/// What a person would see in the directory: to look at each state once.
std::string seen_in_directory(const memory_disk& disk) {
  std::string all;
  for (const std::string& name : disk.names_in(directory)) {
    // The names of temporary files and of sidecars moved aside differ from run to run, and nobody looks them up.
    const bool private_name =
        name.find(".tmp-") != std::string::npos || name.find(".stale-") != std::string::npos;
    all += (private_name ? "*" : name) + "=" + disk.text_of(directory + ("/" + name)).value_or("") + "\n";
  }
  return all;
}

result<> add(lockfile& file, std::string_view name) {
  if (auto done = file.activate(name, "s", "d", timestamp()); !done) return error(done.why());
  return {};
}

/// Looks at what one machine found.
void check_found(const memory_disk& found, const std::string& when, const crash_scenario& scenario,
                 const std::optional<std::string>& new_text, bool acknowledged, crash_findings& findings) {
  const auto text = found.text_of(document_path);
  if (text != scenario.document && text != new_text) findings.torn.push_back(when);
  if (acknowledged && text != new_text) findings.undone.push_back(when);

  // After the reboot, a minute later, the next writer goes on. What the dead one left is swept once it has not changed
  // for half a minute: moving a sidecar aside changes the other link that it may have, so perhaps by the writer after.
  memory_disk rebooted = found;
  call_hook nothing;
  for (const char* writer : {"next", "after next"}) {
    rebooted.clock.pass(std::chrono::minutes(1));
    memory_process process(rebooted, nothing, 20);
    process.set_boot_id("boot-2");
    const auto went_on = lockfile_store(document_path, {}, process.on()).update([&](lockfile& file) {
      return add(file, writer);
    });
    if (!went_on) {
      findings.stuck.push_back(when + ": " + went_on.error().message());
      return;
    }
  }
  if (rebooted.names_in(directory) != std::vector<std::string>{".agentsrc.lock"}) {
    findings.stuck.push_back(when + ": something was left");
  }
}

}  // namespace

crash_findings cut_power_everywhere(const crash_scenario& scenario) {
  memory_disk disk;
  if (scenario.directory_exists) disk.put_directory(directory);
  if (scenario.document) disk.put_file(document_path, *scenario.document);
  recorder record;
  memory_process process(disk, record, 10);
  lockfile_store store(document_path, {}, process.on());
  const auto done = scenario.run(store);

  crash_findings findings;
  if (!done) {
    findings.stuck.push_back(std::string(scenario.what) +
                             " failed without any fault: " + done.error().message());
    return findings;
  }
  const auto new_text = disk.text_of(document_path);
  record.disks.push_back(disk);
  record.calls.emplace_back("the end");

  for (std::size_t prefix = 0; prefix < record.disks.size(); ++prefix) {
    ++findings.calls;
    const memory_disk& before = record.disks[prefix];
    const bool acknowledged = prefix + 1 == record.disks.size();
    const auto files = before.unsynced_files();
    const std::size_t operations = before.unsynced_names().size();
    std::set<std::string> looked_at;
    for (std::uint64_t kept = 0; kept < (std::uint64_t{1} << operations); ++kept) {
      // Each file in each of its forms: a number whose digits say which.
      std::vector<std::vector<std::string>> forms;
      std::size_t combinations = 1;
      for (const auto file : files) {
        forms.push_back(possible_bytes(before.inodes().at(file)));
        combinations *= forms.back().size();
      }
      for (std::size_t combination = 0; combination < combinations; ++combination) {
        std::map<memory_disk::inode_number, std::string> bytes;
        std::size_t rest = combination;
        for (std::size_t i = 0; i < files.size(); ++i) {
          bytes[files[i]] = forms[i][rest % forms[i].size()];
          rest /= forms[i].size();
        }
        const memory_disk found = before.after_power_cut(kept, bytes);
        if (!looked_at.insert(seen_in_directory(found)).second) continue;
        ++findings.states;
        check_found(found, "before call " + std::to_string(prefix) + " (" + record.calls[prefix] + ")",
                    scenario, new_text, acknowledged, findings);
      }
    }
  }
  return findings;
}

std::vector<crash_scenario> crash_scenarios() {
  const std::string document =
      "{\n  \"config\": {\"a\": 1.0},\n  \"adapters\": {\"a\": {\"source_digest\": \"s\"}},\n  "
      "\"lock_version\": 1\n}\n";
  const auto save = [](lockfile_store& store) -> result<> {
    auto loaded = store.load();
    if (!loaded) return loaded.error();
    if (auto done = add(loaded->file(), "new"); !done) return done;
    return store.save(*loaded);
  };
  const auto update = [](lockfile_store& store) -> result<> {
    return store.update([](lockfile& file) { return add(file, "new"); });
  };
  const auto flush = [](lockfile_store& store) -> result<> {
    staged_changes changes;
    if (auto staged = changes.set_section("units", R"({"new": 1})"); !staged) return staged;
    return store.flush(changes);
  };
  return {{"save", document, save},
          {"save of a new document", std::nullopt, save},
          {"update", document, update},
          {"update of a new document", std::nullopt, update},
          {"flush", document, flush},
          {"flush of a new document", std::nullopt, flush},
          {"update in a new directory", std::nullopt, update, false}};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
