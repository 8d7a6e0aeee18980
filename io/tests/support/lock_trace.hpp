// What the processes of a schedule do, as the steps of the lock's protocol: the words of proofs/lock.model and of
// docs/durability.md. proofs/code_trace.py holds such a trace against the model.
//
// A line is who, what, and what is so afterwards:
//
//     ours 1 enters the queue | queue: ours 1 | sidecar: nobody | document: nothing
//
// An update that begins anew is another process of the model: "ours 1, try 2".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lock_parties.hpp"

namespace agentslock::testing {

/// A scenario that is the lock's, and tells its trace when it is over, which may be before all have ended: the explorer
/// leaves a schedule where it comes to a state that it knows.
class lock_trace final : public scenario {
 public:
  using teller = std::function<void(const std::vector<std::string>&)>;

  /// `tell` is called once, by the destructor.
  lock_trace(const lock_setup& setup, teller tell) : of_(setup), setup_(setup), tell_(std::move(tell)) {}
  ~lock_trace() override { tell_(lines_); }
  lock_trace(const lock_trace&) = delete;
  lock_trace& operator=(const lock_trace&) = delete;

  void set_up(memory_disk& made) override;
  std::vector<actor> actors() override { return of_.actors(); }
  bool is_visible(const system_call& call) const override { return of_.is_visible(call); }
  bool is_worth_starting(int process) const override { return of_.is_worth_starting(process); }
  bool is_worth_killing(int process) const override { return of_.is_worth_killing(process); }
  void about_to(const system_call& call) override;
  void crashed(int process) override;
  void time_has_passed() override { of_.time_has_passed(); }
  std::optional<std::string> check_step() override;
  std::optional<std::string> check_end() override;
  std::uint64_t fingerprint() const override { return of_.fingerprint(); }
  std::vector<decision> time_events() const override { return of_.time_events(); }

 private:
  /// What is known of one process, beside what the scenario knows.
  struct actor_facts {
    std::string name;
    int tries = 0;
    bool holds = false;
    bool late = false;
    bool killed = false;
    bool told_end = false;
    /// It looks at the old document to make the new one like it: what it opens then is not read.
    bool looks_at_old = false;
    std::chrono::nanoseconds acquired{0};
    std::uint64_t document_read = 0;
    std::uint64_t document_written = 0;
  };
  /// A sidecar that was moved aside.
  struct moved {
    int by;
    std::string whose;
  };

  [[nodiscard]] actor_facts& of(int process) { return facts_[static_cast<std::size_t>(process - 10)]; }
  [[nodiscard]] const party& playing(int process) const {
    return of_.parties()[static_cast<std::size_t>(process - 10)];
  }
  /// Who an identity names; "nobody" when there is none.
  [[nodiscard]] std::string whose(const std::optional<std::string>& text) const;
  [[nodiscard]] std::string whose_sidecar() const { return whose(disk->text_of(sidecar_path)); }
  void tell(int process, const std::string& what);
  void tell_of(const std::string& who, const std::string& what);
  /// What the call that was about to be made has done.
  void settle();
  void after_link(const system_call& call);
  void after_rename(const system_call& call);
  void after_unlink(const system_call& call);
  void after_look(const system_call& call);
  /// Leases that are over, and sidecars that are 30 s old, by now.
  void tell_ages();

  lock_scenario of_;
  lock_setup setup_;
  teller tell_;
  std::vector<std::string> lines_;
  std::vector<actor_facts> facts_;
  std::optional<system_call> pending_;
  std::string sidecar_before_;
  /// Whether there is what the pending call renames.
  bool can_be_renamed_ = false;
  std::map<std::string, std::string> name_of_token_;
  std::map<std::string, bool> old_;
  std::map<std::string, moved> aside_;
  /// What was swept, and who moved it: that one finds out later.
  std::map<std::string, int> swept_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
