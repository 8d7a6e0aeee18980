#include "lock_scenario.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "lock_parties.hpp"

namespace agentslock::testing {

lock_scenario::lock_scenario(const lock_setup& setup) : setup_(setup) {
  const auto add = [&](role plays, int count, const char* called) {
    for (int i = 0; i < count; ++i) {
      party one;
      one.plays = plays;
      one.name = std::string(called) + " " + std::to_string(i + 1);
      parties_.push_back(std::move(one));
    }
  };
  add(role::queued, setup.with_queue, "ours");
  add(role::plain, setup.without_queue, "ours without a queue");
  add(role::go_tool, setup.go_tools, "go tool");
  add(role::editor, setup.editor ? 1 : 0, "editor");
  add(role::mover, setup.directory_is_replaced ? 1 : 0, "mover");
  add(role::old_go_tool, setup.old_go_tools, "old go tool");
  add(role::leaver, setup.holder_leaves ? 1 : 0, "first holder");
}

void lock_scenario::set_up(memory_disk& made) {
  made.has_nameless_files = setup_.nameless_files;
  made.has_hard_links = setup_.hard_links;
  made.put_directory(directory);
  made.put_file(document_path, first_text);
  if (setup_.path_is_symlink) made.put_symlink(symlink_path, ".agentsrc.lock");
  if (setup_.stale_sidecar) {
    const sidecar_identity dead{77, made.clock.wall - std::chrono::minutes(1), "dead", std::nullopt};
    made.put_file(sidecar_path, to_text(dead));
  }
  if (setup_.holder_leaves) {
    const auto number = first_process + static_cast<int>(parties_.size()) - 1;
    made.put_file(sidecar_path, to_text({number, made.clock.wall, "first", std::nullopt}));
  }
  document_ = number_of(document_path);
  owner_ = owner_of_sidecar();
}

std::vector<actor> lock_scenario::actors() {
  std::vector<actor> all;
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    const bool by_symlink = setup_.path_is_symlink && i % 2 == 0;
    all.push_back({parties_[i].name,
                   [this, i, by_symlink](memory_process& process) { play(i, process, by_symlink); },
                   static_cast<int>(parties_[i].plays) * 2 + (by_symlink ? 1 : 0)});
  }
  return all;
}

bool lock_scenario::is_visible(const system_call& call) const {
  const auto shared = [](const std::string& path) {
    return path == document_path || path == sidecar_path || path == directory || path == symlink_path ||
           path == std::string(symlink_path) + ".lock" || path == holder_path;
  };
  const auto swept = [](const std::string& path) { return path.find(".stale-") != std::string::npos; };
  const bool by_go = of(call.process).plays == role::go_tool || of(call.process).plays == role::old_go_tool;
  switch (call.kind) {
    case call_kind::rename:
    case call_kind::rename_new:
    case call_kind::hard_link:
    case call_kind::hard_link_open:
      return shared(call.path) || shared(call.second_path);
    case call_kind::list:
      return by_go || call.path == sidecar_path;
    case call_kind::make_directory:
      return call.path == sidecar_path;
    case call_kind::read:
    case call_kind::write:
    case call_kind::set_mode:
      // The bytes behind a name that is claimed by link do not change any more.
      return call.path == sidecar_path && writes_in_place_;
    case call_kind::open:
    case call_kind::create:
    case call_kind::status_at:
    case call_kind::symlink_status_at:
      // What stands aside is looked at where a Go tool may sweep it.
      if (call.kind == call_kind::symlink_status_at && swept(call.path))
        return setup_.go_tools + setup_.old_go_tools > 0;
      return shared(call.path) && call.path != directory;
    case call_kind::read_symlink:
      return setup_.path_is_symlink && shared(call.path);
    case call_kind::lock:
    case call_kind::unlock:
      return call.path == directory;
    case call_kind::open_directory:
      return setup_.directory_is_replaced;
    default:
      return false;
  }
}

bool lock_scenario::is_worth_starting(int process) const {
  if (setup_.queue_too || of(process).plays != role::queued) return true;
  // Of two that are about to enter the queue, one is like the other.
  const bool another_is_at_the_queue = std::ranges::any_of(parties_, [](const party& who) {
    return who.plays == role::queued && who.started && !who.came_to_the_queue && !who.killed;
  });
  return !queue_holder() && !another_is_at_the_queue;
}

std::vector<decision> lock_scenario::time_events() const {
  std::vector<decision> events;
  if (setup_.time_passes) {
    events.push_back({decision::kind::pass_time, 0, std::chrono::seconds(21)});
    events.push_back({decision::kind::pass_time, 0, std::chrono::seconds(31)});
  }
  if (setup_.clock_is_set) {
    events.push_back({decision::kind::set_clock, 0, std::chrono::hours(1)});
    events.push_back({decision::kind::set_clock, 0, -std::chrono::hours(1)});
  }
  return events;
}

std::optional<std::string> lock_scenario::sidecar_text() const {
  const auto* node = disk->find(sidecar_path, false);
  if (node == nullptr) return std::nullopt;
  return node->kind == file_kind::directory ? disk->text_of(holder_path) : node->data;
}

int lock_scenario::owner_of_sidecar() const {
  const auto who = parse_identity(sidecar_text().value_or(""));
  if (!who || who->process < first_process ||
      who->process >= first_process + static_cast<int>(parties_.size())) {
    return -1;
  }
  return static_cast<int>(who->process);
}

bool lock_scenario::leftover_is_of_the_future() const {
  const auto who = parse_identity(sidecar_text().value_or(""));
  return who && owner_of_sidecar() < 0 && who->acquired > disk->clock.wall;
}

std::uint64_t lock_scenario::fingerprint() const {
  std::uint64_t hash = static_cast<std::uint64_t>(owner_ + 1);
  const auto add = [&](std::uint64_t number) {
    hash = (hash ^ number) * 0x9E3779B97F4A7C15ULL + (hash >> 17);
  };
  add(go_wrote_without_lock_ ? 1U : 0U);
  add(editor_wrote_ ? 1U : 0U);
  add(writes_in_place_ ? 1U : 0U);
  for (const party& who : parties_) {
    add((who.killed ? 1U : 0U) + (who.started ? 2U : 0U) + (who.came_to_the_queue ? 4U : 0U));
    add((who.in_section ? 1U : 0U) + (who.claimed_too_late ? 2U : 0U));
    add(static_cast<std::uint64_t>(who.acquired.count()));
    add(static_cast<std::uint64_t>(who.claim_began.count()));
    add(who.document_read);
    // Of the steps only their order matters.
    add(who.lost_sidecar > who.looked_at_sidecar ? 1U : 0U);
    add(who.document_changed > who.looked_at_document ? 1U : 0U);
    add(who.looked_at_sidecar > who.staged ? 1U : 0U);
    add(who.looked_at_document > who.staged ? 1U : 0U);
    add((who.escaped_the_look ? 1U : 0U) + (who.lost_lock_unseen ? 2U : 0U) + (who.was_away ? 4U : 0U));
    add(who.claimed < who.looked_at_sidecar ? 1U : 0U);
  }
  return hash;
}

std::unique_ptr<scenario> make_lock_scenario(const lock_setup& setup) {
  return std::make_unique<lock_scenario>(setup);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
