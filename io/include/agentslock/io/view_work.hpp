/// Programs and functions that judge or build views, and what they are told: what the lifecycle of a document
/// (validate_document.hpp, rebuild_document.hpp, cutover_document.hpp, recover_document.hpp) is given to work with.
///
///     function_validator judge([&](const view_facts& of, const std::stop_token&) -> validator_answer {
///       return reads_well(of) ? validator_answer{program_verdict::passed, {}, {}}
///                             : validator_answer{program_verdict::failed, "owner_id is gone", {}};
///     });
///     program_validator same("./validate.sh", {.document = "/project/.agentsrc.lock", .store = "/project/store"});
///
/// None of them is ever called while a lock is held. Each is asked about a view at most once a call of the lifecycle's
/// functions, unless the view's facts have changed meanwhile.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "agentslock/io/named_view.hpp"
#include "agentslock/io/program.hpp"
#include "agentslock/io/view_facts.hpp"
#include "agentslock/kernel/lockfile.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What is known about a view: its status, what it recorded of the adapters that it reads from, what their schemas are
/// now, and the token of all that. Without paths: the document's and the store's are the caller's to add.
/// Precondition: the view is in the lockfile. Linear in its entry.
[[nodiscard]] view_facts facts_of(const lockfile& file, view_key key);

/// How the work is done.
struct work_options {
  /// How many views are judged or built at once. With 1, functions are called in the caller's thread and no other is
  /// started.
  std::size_t jobs = 1;
  /// When a stop is asked for, no more work is begun; what has not answered by then could not tell.
  std::stop_token stop = {};
  /// Is told how far the work is; from one thread at a time. May be empty.
  std::function<void(const program_progress&)> progress = {};
};

/// Which views are to be judged or built.
struct view_choice {
  /// All that are due.
  [[nodiscard]] static view_choice all() { return {}; }

  /// Those of this adapter alone.
  std::optional<std::string> adapter = std::nullopt;
  /// This view of the adapter alone.
  std::optional<std::string> view = std::nullopt;
  /// Whether views that are dsl-update-required are judged again though they are not named.
  bool retry = false;

  [[nodiscard]] bool covers(view_key key) const noexcept {
    return (!adapter || *adapter == key.adapter) && (!view || *view == key.view);
  }
};

/// Judges whether views still read their dependees right.
class view_validator {
 public:
  virtual ~view_validator() = default;
  /// One answer for each view, in their order.
  [[nodiscard]] virtual std::vector<validator_answer> judge(std::span<const view_facts> views,
                                                            const work_options& how) = 0;
};

/// What a builder answered. Whether the view is there is asked of the store, not of it.
struct builder_answer {
  program_verdict verdict = program_verdict::could_not_tell;
  /// As program_outcome::why.
  std::string why;
};

/// Builds views: fills their tables from the adapters that they read from, in one transaction of the store. A view whose
/// builder was killed in the middle is built again at the next start.
class view_builder {
 public:
  virtual ~view_builder() = default;
  /// One answer for each view, in their order.
  [[nodiscard]] virtual std::vector<builder_answer> build(std::span<const view_facts> views,
                                                          const work_options& how) = 0;
};

/// A caller's function as a validator. With more than one job it is called from as many threads.
/// What it throws is passed on when the others have answered.
class function_validator final : public view_validator {
 public:
  using function = std::function<validator_answer(const view_facts&, const std::stop_token&)>;
  explicit function_validator(function judge) : judge_(std::move(judge)) {}
  [[nodiscard]] std::vector<validator_answer> judge(std::span<const view_facts> views,
                                                    const work_options& how) override;

 private:
  function judge_;
};

/// The same for a builder.
class function_builder final : public view_builder {
 public:
  using function = std::function<builder_answer(const view_facts&, const std::stop_token&)>;
  explicit function_builder(function build) : build_(std::move(build)) {}
  [[nodiscard]] std::vector<builder_answer> build(std::span<const view_facts> views,
                                                  const work_options& how) override;

 private:
  function build_;
};

/// How programs of the lifecycle are run, besides what work_options say.
struct view_programs {
  /// Absolute paths, which the programs are told; empty: there is none. They run in the document's directory; where it is no path, in ours.
  std::string document;
  std::string store;
  /// How long each may run; nothing: as long as it likes.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  /// Is told each line that they write, and whose it is; from the caller's thread. May be empty.
  std::function<void(const view_facts&, const program_line&)> output = {};
};

/// A command line for `sh -c` as a validator: docs/programs.md. No thread is started.
class program_validator final : public view_validator {
 public:
  program_validator(std::string command, view_programs how)
      : command_(std::move(command)), how_(std::move(how)) {}
  [[nodiscard]] std::vector<validator_answer> judge(std::span<const view_facts> views,
                                                    const work_options& how) override;

 private:
  std::string command_;
  view_programs how_;
};

/// The same for a builder.
class program_builder final : public view_builder {
 public:
  program_builder(std::string command, view_programs how)
      : command_(std::move(command)), how_(std::move(how)) {}
  [[nodiscard]] std::vector<builder_answer> build(std::span<const view_facts> views,
                                                  const work_options& how) override;

 private:
  std::string command_;
  view_programs how_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
