#include "recovery_scenario.hpp"

#include <map>
#include <memory>
#include <set>

#include "agentslock/io/recover_document.hpp"
#include "places_on_disk.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* store_path = "/store";
const view_key comp_v{"comp", "v"};

/// The store of views that the instances share: what it holds, and whom it tells.
class shared_store {
 public:
  explicit shared_store(const recovery_setup& setup)
      : held(setup.held), fails_at_(setup.question_that_fails) {}
  void put(const std::string& digest) {
    held = digest;
    ever_held.insert(digest);
  }
  [[nodiscard]] result<stored_view> ask() {
    if (++questions == fails_at_ && !mended) {
      failed = true;
      return error(errc::store_unreachable, "the store can't be reached");
    }
    return stored_view(held);
  }

  std::optional<std::string> held;
  /// What the document says at first was held once.
  std::set<std::string> ever_held{"old"};
  int questions = 0;
  bool failed = false;
  bool mended = false;

 private:
  int fails_at_;
};

class recovery_scenario final : public scenario {
 public:
  explicit recovery_scenario(const recovery_setup& setup) : setup_(setup), store_(setup) {}

  void set_up(memory_disk& made) override {
    made.put_directory("/project");
    made.put_file(
        document_path,
        R"({"adapters":{"comp":{"materialized_views":{"v":{"view_digest":"old","view_status":")" +
            std::string(spelling(status_of(setup_.state))) +
            R"(","depends_on":[{"adapter":"crg","schema_digest":"d0"}]}}},"crg":{"schema_digest":")" +
            setup_.active + R"("}},"lock_version":1})");
  }

  std::vector<actor> actors() override {
    std::vector<actor> all;
    for (int i = 0; i < 2; ++i)
      all.push_back({"instance " + std::to_string(i + 1),
                     [this, i](memory_process& process) { start(process, i); },
                     setup_.releases_differ ? i : 0});
    return all;
  }

  bool is_visible(const system_call& call) const override {
    // The lock keeps the rest together: nobody sees what its holder does until it renames.
    return call.path == store_path || (call.kind == call_kind::open && call.path == document_path) ||
           ((call.kind == call_kind::rename || call.kind == call_kind::hard_link_open) &&
            call.second_path == document_path);
  }

  void crashed(int) override { any_killed_ = true; }

  std::optional<std::string> check_step() override {
    const auto now = entry();
    if (now && now->ready && !store_.ever_held.contains(now->digest))
      return "the view is ready with " + now->digest + ", which the store never held";
    return std::nullopt;
  }

  std::optional<std::string> check_end() override {
    for (const auto& [instance, ended] : ended_) {
      if (!ended && !store_.failed && ended.error().code() != errc::conflict)
        return "instance " + std::to_string(instance + 1) + ": " + ended.error().message();
    }
    if (!any_killed_ && !store_.failed) {
      if (auto wrong = ready_but_not_held()) return wrong;
    }
    // The next start.
    store_.mended = true;
    call_hook nothing;
    memory_process next(*disk, nothing, 99);
    const auto done = recover(next, 0);
    if (!done) return "the next start failed: " + done.error().message();
    if (auto wrong = ready_but_not_held()) return "after the next start " + *wrong;
    if (done->not_ready() != 0) return "after the next start the view is " + std::string(entry()->status);
    const lockfile file = lockfile_store(document_path, {}, next.on()).load()->file();
    if (!file.missed_bumps().empty()) return "after the next start a ready view has missed a bump";
    return std::nullopt;
  }

  std::uint64_t fingerprint() const override {
    return std::hash<std::string>()(store_.held.value_or("(none)")) * 31 +
           static_cast<std::uint64_t>(setup_.question_that_fails == 0 ? 0 : store_.questions) * 1009 +
           (any_killed_ ? 7 : 0) + store_.ever_held.size();
  }

 private:
  struct recorded {
    bool ready;
    std::string status;
    std::string digest;
  };

  [[nodiscard]] std::optional<recorded> entry() const {
    const auto document = lock_document::parse(text_buffer(*disk->text_of(document_path)), document_path);
    if (!document) return std::nullopt;
    const view* found = document->adapters.find_view(comp_v);
    return recorded{found->status.state() == view_state::ready, std::string(found->status.text()),
                    std::string(found->view_digest)};
  }

  [[nodiscard]] std::optional<std::string> ready_but_not_held() const {
    const auto now = entry();
    if (!now) return "the document can't be read";
    if (!now->ready || now->digest == store_.held) return std::nullopt;
    return "the view is ready with " + now->digest + ", and the store holds " +
           store_.held.value_or("nothing");
  }

  result<recovered> recover(memory_process& process, int instance) {
    // Before each use of the store another instance may go first, or this one be killed.
    const auto goes_on = [&] {
      (void)process.status_at(store_path);
      return !process.has_ended();
    };
    function_presence views([&](view_key) -> result<stored_view> {
      if (!goes_on()) return error(errc::store_unreachable, "killed");
      auto answer = store_.ask();
      process.learn(answer ? answer->value_or("(none)") : "failed");
      return answer;
    });
    function_validator passes([](const view_facts&, const std::stop_token&) -> validator_answer {
      return {program_verdict::passed, {}, {}};
    });
    function_builder builds([&](const view_facts& of, const std::stop_token&) -> builder_answer {
      if (!goes_on()) return {program_verdict::could_not_tell, "killed"};
      const std::string schema = of.dependees.at(0).now->digest;
      store_.put("built from " + schema + (setup_.releases_differ ? " by " + std::to_string(instance) : ""));
      return {program_verdict::passed, {}};
    });
    return recover_document(lockfile_store(document_path, {}, process.on()), views, passes, builds);
  }

  void start(memory_process& process, int instance) {
    const auto done = recover(process, instance);
    if (process.has_ended()) return;
    ended_.emplace(instance, done ? result<>() : result<>(done.error()));
  }

  const recovery_setup setup_;
  shared_store store_;
  bool any_killed_ = false;
  std::map<int, result<>> ended_;
};

}  // namespace

std::unique_ptr<scenario> make_recovery_scenario(const recovery_setup& setup) {
  return std::make_unique<recovery_scenario>(setup);
}

std::vector<recovery_setup> recovery_setups(exploring how_far) {
  using enum view_state;
  std::vector<recovery_setup> all{
      {.what = "a view to be built"},
      {.what = "a view whose table is lost", .state = ready},
      {.what = "a view to be judged, then built",
       .state = pending_recompat_check,
       .active = "d1",
       .held = "old"},
      {.what = "a view that missed a bump", .state = ready, .active = "d1", .held = "old"},
      {.what = "a view to be built by two releases", .releases_differ = true},
      {.what = "a view to be built, the first question fails", .question_that_fails = 1},
      {.what = "a view to be built, the second question fails", .question_that_fails = 2},
      {.what = "a lost view, the third question fails", .state = ready, .question_that_fails = 3},
      {.what = "two releases, the second question fails", .releases_differ = true, .question_that_fails = 2},
  };
  for (recovery_setup& one : all) {
    if (how_far == exploring::small) one.bounds.preemptions = 1;
    if (how_far == exploring::large) one.bounds = {4, 2, 0};
  }
  return all;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
