#include "agentslock/io/view_work.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "agentslock/io/digest.hpp"
#include "path.hpp"

namespace agentslock {
namespace {

/// Tells the progress of work that functions do, from one thread at a time.
class progress_teller {
 public:
  progress_teller(std::span<const view_facts> views, const work_options& how) : views_(views), how_(how) {}

  void started(std::size_t number) { tell(program_phase::started, number, {}); }
  void ended(std::size_t number, std::chrono::nanoseconds took) { tell(program_phase::ended, number, took); }

 private:
  void tell(program_phase phase, std::size_t number, std::chrono::nanoseconds took) {
    if (!how_.progress) return;
    const std::scoped_lock one_at_a_time(mutex_);
    if (phase == program_phase::ended) ++ended_;
    const std::string name = to_string(view_key{views_[number].adapter, views_[number].view});
    how_.progress({phase, number, name, took, ended_, views_.size(), nullptr});
  }

  std::span<const view_facts> views_;
  const work_options& how_;
  std::mutex mutex_;
  std::size_t ended_ = 0;
};

/// Asks a function about each view, by as many threads as there are jobs.
template <class Answer, class Function>
std::vector<Answer> ask_each(std::span<const view_facts> views, const work_options& how,
                             const Function& ask) {
  Answer not_begun;
  not_begun.why = "stopped before it began";
  std::vector<Answer> answers(views.size(), not_begun);
  progress_teller progress(views, how);
  std::atomic<std::size_t> next{0};
  std::exception_ptr thrown;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < views.size() && !how.stop.stop_requested(); i = next++) {
      const auto begun = std::chrono::steady_clock::now();
      try {
        progress.started(i);
        answers[i] = ask(views[i], how.stop);
        progress.ended(i, std::chrono::steady_clock::now() - begun);
      } catch (...) {
        const std::scoped_lock one_at_a_time(mutex);
        if (!thrown) thrown = std::current_exception();
        next = views.size();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(how.jobs, views.size()); ++i)
      others.emplace_back(work);
    work();
  }
  if (thrown) std::rethrow_exception(thrown);
  return answers;
}

/// Runs a command line for each view.
std::vector<program_outcome> run_each(const std::string& command, const view_programs& programs,
                                      std::span<const view_facts> views, const work_options& how) {
  std::vector<program_call> calls;
  for (view_facts facts : views) {
    facts.document = programs.document;
    facts.store = programs.store;
    calls.push_back({to_string(view_key{facts.adapter, facts.view}), command,
                     programs.document.starts_with('/') ? directory_of(programs.document) : "",
                     facts_environment(facts), facts_json(facts)});
  }
  program_limits limits;
  limits.timeout = programs.timeout;
  limits.jobs = how.jobs;
  limits.stop = how.stop;
  return run_programs(
      calls, limits,
      [&](const program_line& line) {
        if (programs.output) programs.output(views[line.number], line);
      },
      [&](const program_progress& now) {
        if (how.progress) how.progress(now);
      });
}

}  // namespace

view_facts facts_of(const lockfile& file, view_key key) {
  const view& entry = *file.find_view(key);
  view_facts facts;
  facts.adapter = key.adapter;
  facts.view = key.view;
  facts.status = entry.status.text();
  facts.token = digest(file.facts_text(key));
  for (const dependency& item : entry.depends_on) {
    dependee_schemas one;
    one.adapter = item.adapter;
    one.recorded = {std::string(item.schema_digest), std::string(item.version)};
    if (const adapter* active = file.find_adapter(item.adapter)) {
      // An entry states no version; the one that was recorded is that of the digest that was recorded.
      const bool same = active->schema_digest == item.schema_digest;
      one.now = schema_identity{std::string(active->schema_digest), same ? one.recorded.version : ""};
    }
    facts.dependees.push_back(std::move(one));
  }
  return facts;
}

std::vector<validator_answer> function_validator::judge(std::span<const view_facts> views,
                                                        const work_options& how) {
  return ask_each<validator_answer>(views, how, judge_);
}

std::vector<builder_answer> function_builder::build(std::span<const view_facts> views,
                                                    const work_options& how) {
  return ask_each<builder_answer>(views, how, build_);
}

std::vector<validator_answer> program_validator::judge(std::span<const view_facts> views,
                                                       const work_options& how) {
  std::vector<validator_answer> answers;
  for (program_outcome& one : run_each(command_, how_, views, how))
    answers.push_back(answer_of(std::move(one)));
  return answers;
}

std::vector<builder_answer> program_builder::build(std::span<const view_facts> views,
                                                   const work_options& how) {
  std::vector<builder_answer> answers;
  for (program_outcome& one : run_each(command_, how_, views, how))
    answers.push_back({one.verdict, std::move(one.why)});
  return answers;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
