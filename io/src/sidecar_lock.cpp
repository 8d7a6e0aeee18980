#include "agentslock/io/sidecar_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "folder_gate.hpp"
#include "protocol_rules.hpp"
#include "sidecar_file.hpp"
#include "system_error.hpp"
#include "thread_holders.hpp"

namespace agentslock {
namespace {

std::string in_seconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

/// Makes a folder and those above it that are missing, durably: each is synced into the one above.
sys_result<> make_folders(file_system& files, const std::string& folder) {
  const auto status = uninterrupted([&] { return files.status_at(folder); });
  if (status) return {};
  if (!is(status.error(), ENOENT)) return status.error();
  const std::string parent = folder_of(folder);
  if (parent != folder) {
    if (const auto made = make_folders(files, parent); !made) return made.error();
  }
  const auto made = files.make_folder(folder);
  if (!made && !is(made.error(), EEXIST)) return made.error();
  const auto opened = open_at(files, parent, open_how::folder);
  if (!opened) return {};  // a folder that may not be opened can't be synced
  return uninterrupted([&] { return files.sync(opened->descriptor()); });
}

}  // namespace

/// All that a guard holds, and the steps by which it is taken and let go.
struct sidecar_lock::held {
  held(platform where, std::string_view given, const lock_options& chosen)
      : on(where),
        options(chosen),
        path(clean_path(given)),
        process(where.machine.process_id()),
        deadline(where.machine.boot_time() + chosen.wait) {}
  held(const held&) = delete;
  held& operator=(const held&) = delete;
  ~held() { release(); }

  result<> take();
  result<look> still_held() const;
  result<> held_since(const look& before) const;
  result<> lease_left() const;
  void release() noexcept;

  result<> enter_gate();
  result<> claim(const std::string& name);
  [[nodiscard]] sidecar_identity new_identity();
  [[nodiscard]] bool may_take_over(const occupant& who) const;
  [[nodiscard]] error timeout(const occupant* who) const;
  [[nodiscard]] error lost(std::string_view why) const;
  /// Tells the caller when we may be the holder.
  void hold(bool may_hold) noexcept {
    if (std::exchange(holding_off, may_hold) != may_hold && options.on_hold) options.on_hold(may_hold);
  }
  [[nodiscard]] std::chrono::nanoseconds time_left() const {
    return std::max(deadline - on.machine.boot_time(), std::chrono::nanoseconds(0));
  }

  struct claimed_name {
    std::string name;
    std::string token;
  };
  [[nodiscard]] bool may_be_ours(const claimed_name& one) const;

  platform on;
  lock_options options;
  /// As given, cleaned; and where it leads.
  std::string path;
  std::string document;
  int process;
  std::chrono::nanoseconds deadline;
  folder_gate gate;
  std::vector<claimed_name> claimed;
  /// When the lease began: before anybody could see us as the holder.
  std::chrono::nanoseconds acquired{0};
  thread_holders::key holding{};
  bool registered = false;
  bool holding_off = false;
};

result<> sidecar_lock::held::take() {
  const std::string folder = folder_of(path);
  if (const auto made = make_folders(on.files, folder); !made) {
    return system_failure("make the folder", folder, made.error());
  }
  if (const auto entered = enter_gate(); !entered) return entered;

  acquired = on.machine.boot_time();
  if (const auto done = claim(path + std::string(sidecar_suffix)); !done) return done;
  if (document != path) {
    if (const auto done = claim(document + std::string(sidecar_suffix)); !done) return done;
  }
  thread_holders::add(holding);
  registered = true;
  return {};
}

result<> sidecar_lock::held::enter_gate() {
  for (;;) {
    auto leads_to = follow_links(on.files, path);
    if (!leads_to) return system_failure("follow the link", path, leads_to.error());
    document = std::move(*leads_to);
    const std::string folder = folder_of(document);
    const auto folder_now = uninterrupted([&] { return on.files.status_at(folder); });
    holding = {&on.machine, process, folder_now ? folder_now->id : file_id{}};
    if (thread_holders::this_thread_holds(holding)) {
      return error(errc::invalid_argument, "this thread holds the lock of " + path +
                                               ", or of another document in its folder, already");
    }
    if (!keeps(protocol_rule::enter_gate)) return {};

    gate = folder_gate::enter(on, folder, time_left());
    if (gate.result() == folder_gate::outcome::timed_out) return timeout(nullptr);
    if (!gate.entered() || !keeps(protocol_rule::recheck_gate)) return {};
    // While we waited, the folder may have been replaced, or the link turned elsewhere.
    const auto again = follow_links(on.files, path);
    const auto folder_again = uninterrupted([&] { return on.files.status_at(folder); });
    if (again && *again == document && folder_again && folder_again->id == gate.folder()) return {};
    gate.leave(on, false);
    if (time_left().count() == 0) return timeout(nullptr);
  }
}

sidecar_identity sidecar_lock::held::new_identity() {
  sidecar_identity identity{process, on.machine.now(), on.machine.random_token(), std::nullopt};
  if (gate.entered() && gate.is_local()) {
    const std::string boot = on.machine.boot_id();
    if (!boot.empty()) identity.mark = gate_mark{boot, gate.folder()};
  }
  return identity;
}

bool sidecar_lock::held::may_take_over(const occupant& who) const {
  if (!who.identity || !who.identity->mark) return false;
  if (!keeps(protocol_rule::takeover_needs_gate)) return true;
  // Its holder had the very gate that we have now: it must have died.
  return gate.entered() && gate.is_local() && who.identity->mark->folder == gate.folder() &&
         who.identity->mark->boot_id == on.machine.boot_id();
}

result<> sidecar_lock::held::claim(const std::string& name) {
  constexpr int link_failures_max = 3;
  int link_failures = 0;
  bool reclaimed = false;
  for (;;) {
    const sidecar_identity identity = new_identity();
    const bool by_link = link_failures < link_failures_max && keeps(protocol_rule::claim_by_link);
    hold(true);
    const auto outcome = by_link ? claim_by_link(on, name, identity) : claim_by_creation(on, name, identity);
    if (!outcome) return system_failure("create the lock", name, outcome.error());
    if (*outcome == claim_outcome::claimed) {
      claimed.push_back({name, identity.token});
      return {};
    }
    if (claimed.empty()) hold(false);
    if (*outcome == claim_outcome::no_hard_links) {
      ++link_failures;
      continue;
    }

    const auto who = look_at(on, name);
    if (!who) return system_failure("look at the lock", name, who.error());
    if (who->absent) {
      if (time_left().count() == 0) return timeout(nullptr);
      continue;
    }
    const bool take_over = may_take_over(*who);
    const bool stale =
        age_of(*who, on.machine.now(), options).over() || !keeps(protocol_rule::wait_until_stale);
    if (take_over || (stale && !reclaimed)) {
      reclaimed = reclaimed || !take_over;
      const auto gone = take_away(on, name, [&](const occupant& moved) {
        return moved.is_same_as(*who) || !keeps(protocol_rule::verify_reclaimed);
      });
      if (!gone) return system_failure("take over the lock", name, gone.error());
      if (*gone != removal::was_another) continue;
    }
    if (time_left().count() == 0) return timeout(&*who);
    on.machine.sleep_for(std::min(options.poll, time_left()));
  }
}

error sidecar_lock::held::timeout(const occupant* who) const {
  std::string holder = "another program, which is not known";
  if (const auto by_gate = gate.entered() ? std::nullopt : on.machine.lock_holder(gate.folder())) {
    holder = "process " + std::to_string(*by_gate);
  } else {
    const auto looked =
        who != nullptr ? sys_result<occupant>(*who) : look_at(on, path + std::string(sidecar_suffix));
    if (looked && looked->identity) {
      const auto age = age_of(*looked, on.machine.now(), options).age;
      holder = "process " + std::to_string(looked->identity->process) +
               (age.count() < 0 ? ", by a time in the future" : ", for " + in_seconds(age));
    }
  }
  return {errc::lock_timeout, path + " is locked by " + holder + "; gave up after " +
                                  in_seconds(options.wait) +
                                  ". Try again when it has finished, or continue or end it"};
}

error sidecar_lock::held::lost(std::string_view why) const {
  return {errc::lock_lost, "the lock of " + path + " was lost: " + std::string(why)};
}

result<sidecar_lock::look> sidecar_lock::held::still_held() const {
  look seen;
  auto changed = seen.changed.begin();
  for (const claimed_name& one : claimed) {
    const auto who = look_at(on, one.name);
    if (!who) return system_failure("look at the lock", one.name, who.error());
    if (!who->identity || who->identity->token != one.token) return lost("another program took it away");
    *changed++ = who->status.changed;
  }
  const auto leads_to = follow_links(on.files, path);
  if (!leads_to || *leads_to != document) return lost("the link points elsewhere now");
  return seen;
}

result<> sidecar_lock::held::held_since(const look& before) const {
  const auto now = still_held();
  if (!now) return now.error();
  if (now->changed != before.changed && keeps(protocol_rule::notice_put_back)) {
    return lost("another program took it away and put it back");
  }
  return {};
}

result<> sidecar_lock::held::lease_left() const {
  if (keeps(protocol_rule::lease) && on.machine.boot_time() - acquired > options.lease) {
    return lost("it was held for more than " + in_seconds(options.lease) +
                ", after which others may take it");
  }
  return {};
}

bool sidecar_lock::held::may_be_ours(const claimed_name& one) const {
  // Somebody else's must not be moved aside, even for a moment: that holder would believe that it has lost it, and a
  // third could claim the name.
  if (!keeps(protocol_rule::look_at_release)) return true;
  const auto who = look_at(on, one.name);
  return !who || (who->identity && who->identity->token == one.token);
}

void sidecar_lock::held::release() noexcept {
  const bool forked_child = process != on.machine.process_id();
  if (!forked_child) {
    try {
      // The newest first. What can't be taken away now is taken over by the next of ours, or grows stale.
      for (; !claimed.empty(); claimed.pop_back()) {
        const claimed_name& last = claimed.back();
        if (!may_be_ours(last)) continue;
        (void)take_away(on, last.name, [&](const occupant& moved) {
          const bool ours = moved.identity && moved.identity->token == last.token;
          return ours || !keeps(protocol_rule::verify_released);
        });
        sweep_leftovers(on, last.name.substr(0, last.name.size() - sidecar_suffix.size()), options.stale);
      }
      if (std::exchange(registered, false)) thread_holders::remove(holding);
    } catch (const std::bad_alloc&) {
      // The gate must be left whatever happens.
    }
  }
  claimed.clear();
  gate.leave(on, forked_child);
  hold(false);
}

sidecar_lock::sidecar_lock(std::unique_ptr<held> what) noexcept : held_(std::move(what)) {}
sidecar_lock::sidecar_lock(sidecar_lock&&) noexcept = default;
sidecar_lock& sidecar_lock::operator=(sidecar_lock&&) noexcept = default;
sidecar_lock::~sidecar_lock() = default;

result<sidecar_lock> sidecar_lock::acquire(platform on, std::string_view path, const lock_options& options) {
  if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
  auto what = std::make_unique<held>(on, path, options);
  if (const auto taken = what->take(); !taken) return taken.error();
  return sidecar_lock(std::move(what));
}

const std::string& sidecar_lock::document_path() const noexcept {
  return held_->document;
}
bool sidecar_lock::has_gate() const noexcept {
  return held_->gate.entered();
}
result<sidecar_lock::look> sidecar_lock::still_held() const {
  return held_->still_held();
}
result<> sidecar_lock::held_since(const look& before) const {
  return held_->held_since(before);
}
result<> sidecar_lock::lease_left() const {
  return held_->lease_left();
}
void sidecar_lock::release() noexcept {
  held_->release();
}

}  // namespace agentslock
