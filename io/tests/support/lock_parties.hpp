// The writers of one document, and what is known of each at every step. lock_steps.cpp sees what they do, lock_laws.cpp
// judges it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lock_scenario.hpp"
#include "places_on_disk.hpp"

namespace agentslock::testing {

inline constexpr std::string_view first_text = "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n";

enum class role : std::uint8_t { queued, plain, go_tool, editor, mover, leaver, old_go_tool };

/// What is known of one process.
struct party {
  role plays = role::queued;
  std::string name;
  std::optional<result<>> ended;
  bool started = false;
  bool came_to_the_queue = false;
  bool killed = false;
  /// Between its claim and its release.
  bool in_section = false;
  /// Its claim came so long after it began that its lease was over already: it holds nothing, and may not write.
  bool claimed_too_late = false;
  std::chrono::nanoseconds claim_began{0};
  std::chrono::nanoseconds acquired{0};
  std::string claimed_token;
  /// Numbers of steps; 0 is never.
  std::size_t staged = 0;
  std::size_t looked_at_sidecar = 0;
  std::size_t looked_at_document = 0;
  std::size_t claimed = 0;
  std::size_t lost_sidecar = 0;
  std::size_t document_changed = 0;
  std::chrono::nanoseconds looked_at{0};
  std::uint64_t document_read = 0;
  /// Something happened between its last look and its rename; and it was the lock that was lost then.
  bool escaped_the_look = false;
  bool lost_lock_unseen = false;
  /// Its sidecar was taken away, perhaps for a moment, since it claimed it.
  bool was_away = false;
  bool replaced_document = false;

  [[nodiscard]] bool is_ours() const noexcept { return plays == role::queued || plays == role::plain; }
  [[nodiscard]] bool acknowledged() const {
    return ended && (*ended || ended->error().code() == errc::not_durable);
  }
};

class lock_scenario final : public scenario {
 public:
  explicit lock_scenario(const lock_setup& setup);

  void set_up(memory_disk& made) override;

  std::vector<actor> actors() override;

  bool is_visible(const system_call& call) const override;

  bool is_worth_starting(int process) const override;
  bool is_worth_killing(int process) const override {
    return setup_.queue_too || of(process).plays != role::queued || queue_holder() == process;
  }

  void about_to(const system_call& call) override;
  void crashed(int process) override {
    party& who = of(process);
    who.killed = true;
    who.in_section = false;
  }
  void time_has_passed() override { time_passed_ = true; }
  std::optional<std::string> check_step() override;
  std::optional<std::string> check_end() override;
  std::uint64_t fingerprint() const override;

  std::vector<decision> time_events() const override;

  /// What is known of each process, in the order of their numbers, which begin with 10.
  [[nodiscard]] const std::vector<party>& parties() const noexcept { return parties_; }

 private:
  static constexpr int first_process = 10;

  party& of(int process) { return parties_[static_cast<std::size_t>(process - first_process)]; }
  [[nodiscard]] const party& of(int process) const {
    return parties_[static_cast<std::size_t>(process - first_process)];
  }
  [[nodiscard]] std::optional<int> queue_holder() const { return disk->lock_holder(number_of(directory)); }
  [[nodiscard]] std::uint64_t number_of(const std::string& path) const { return disk->number_of(path); }
  /// What the sidecar says: a directory says what the holder in it says.
  [[nodiscard]] std::optional<std::string> sidecar_text() const;
  /// Which of the parties the sidecar names; -1 when none.
  [[nodiscard]] int owner_of_sidecar() const;
  /// Whether a sidecar that is none of theirs stands there, dated after what the clock says.
  [[nodiscard]] bool leftover_is_of_the_future() const;

  /// A rename onto the document, as it was right before.
  struct replacement {
    int process;
    bool owned_the_lock;
    bool had_read_it;
  };

  void play(std::size_t number, memory_process& process, bool by_symlink);
  void work(party& me, memory_process& process, bool by_symlink);
  void about_to_move_sidecar(party& who, int process);
  void about_to_replace_document(party& who, int process);
  void has_replaced_document(const replacement& done);
  void about_to_discard(const party& who, const std::string& path);
  void wrong(std::string what) {
    if (!wrong_) wrong_ = std::move(what);
  }
  std::optional<std::string> check_losses();
  std::optional<std::string> check_what_is_left();

  lock_setup setup_;
  std::vector<party> parties_;
  std::size_t step_ = 0;
  int owner_ = -1;
  /// Who claimed, or put back, the sidecar last.
  int linked_last_ = -1;
  std::uint64_t document_ = 0;
  std::optional<replacement> replacing_;
  bool writes_in_place_ = false;
  /// A Go tool wrote although the lock was no longer its own, or had not been for a moment.
  bool go_wrote_without_lock_ = false;
  bool editor_wrote_ = false;
  bool time_passed_ = false;
  std::optional<std::string> wrong_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
