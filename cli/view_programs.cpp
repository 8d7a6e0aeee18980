#include "view_programs.hpp"

#include <memory>

#include <fmt/format.h>

#include <boost/filesystem.hpp>

#include "document_choice.hpp"
#include "duration.hpp"
#include "ending_signals.hpp"
#include "environment.hpp"
#include "program_display.hpp"
#include "store_choice.hpp"

namespace agentslock::cli {
namespace {

/// How this command runs programs, and which.
struct run_plan {
  std::string command;
  view_programs programs;
  program_display::shows shows;
};

result<run_plan> plan_of(const common_options& common, const program_options& options, std::string command) {
  run_plan plan{std::move(command),
                {},
                common.json ? program_display::shows::output_only : program_display::shows::all};
  plan.programs.document = name_anywhere(common.document);
  auto store = absolute_store(common);
  if (!store) return store.error();
  plan.programs.store = std::move(*store);
  if (!options.timeout.empty()) {
    plan.programs.timeout = parse_duration(options.timeout);
    if (!plan.programs.timeout) {
      return error(errc::invalid_argument,
                   fmt::format("--timeout takes a time such as 30, 250ms, 5m or 1.5h, and {} is none",
                               options.timeout));
    }
  }
  return plan;
}

/// Runs a plan's programs for some views. Does not return when a signal ended them.
template <class Program, class Work>
auto run(const run_plan& plan, bool shows_output, std::span<const view_facts> views, const work_options& how,
         const Work& work) {
  ending_signals signals;
  auto answers = [&] {
    program_display display(plan.shows, how.jobs > 1 && views.size() > 1);
    view_programs programs = plan.programs;
    programs.output = [&](const view_facts& of, const program_line& line) {
      if (shows_output || line.from == program_stream::errors)
        display.line(to_string(view_key{of.adapter, of.view}), line);
    };
    work_options mine = how;
    mine.stop = signals.token();
    mine.progress = [&](const program_progress& now) { display.progress(now); };
    Program program(plan.command, std::move(programs));
    return work(program, mine);
  }();
  signals.let_through();
  return answers;
}

class shown_validator final : public view_validator {
 public:
  explicit shown_validator(run_plan plan) : plan_(std::move(plan)) {}
  std::vector<validator_answer> judge(std::span<const view_facts> views, const work_options& how) override {
    return run<program_validator>(
        plan_, false, views, how,
        [&](program_validator& one, const work_options& mine) { return one.judge(views, mine); });
  }

 private:
  run_plan plan_;
};

class shown_builder final : public view_builder {
 public:
  explicit shown_builder(run_plan plan) : plan_(std::move(plan)) {}
  std::vector<builder_answer> build(std::span<const view_facts> views, const work_options& how) override {
    return run<program_builder>(plan_, true, views, how, [&](program_builder& one, const work_options& mine) {
      return one.build(views, mine);
    });
  }

 private:
  run_plan plan_;
};

/// The command line of a program: the option's, or else the environment's.
result<std::string> command_of(const std::string& given, const char* option, const char* variable) {
  std::string command = given.empty() ? from_environment(variable) : given;
  if (command.empty()) {
    return error(errc::invalid_argument,
                 fmt::format("name the program with {} COMMAND, or in {}", option, variable));
  }
  return command;
}

}  // namespace

in_use what_is_in_use(const common_options& common, const program_options& programs) {
  const auto or_environment = [](const std::string& given, const char* variable) {
    return given.empty() ? from_environment(variable) : given;
  };
  return {common.document, store_from_here(common),
          or_environment(programs.validator, "AGENTSLOCK_VALIDATOR"),
          or_environment(programs.builder, "AGENTSLOCK_BUILDER")};
}

result<std::unique_ptr<view_validator>> validator_of(const common_options& common,
                                                     const program_options& options) {
  auto command = command_of(options.validator, "--validator", "AGENTSLOCK_VALIDATOR");
  if (!command) return command.error();
  auto plan = plan_of(common, options, std::move(*command));
  if (!plan) return plan.error();
  return std::unique_ptr<view_validator>(std::make_unique<shown_validator>(std::move(*plan)));
}

result<std::unique_ptr<view_builder>> builder_of(const common_options& common,
                                                 const program_options& options) {
  auto command = command_of(options.builder, "--builder", "AGENTSLOCK_BUILDER");
  if (!command) return command.error();
  auto plan = plan_of(common, options, std::move(*command));
  if (!plan) return plan.error();
  return std::unique_ptr<view_builder>(std::make_unique<shown_builder>(std::move(*plan)));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
