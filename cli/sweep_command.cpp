#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "commands.hpp"
#include "findings_form.hpp"
#include "pass_report.hpp"
#include "streams.hpp"
#include "sweep_list.hpp"
#include "sweep_shard.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// What there is to print about some documents, and what they come to.
struct share_report {
  std::string text;
  /// For a format that joins them, each document's items.
  std::vector<std::string> items;
  findings_summary sum;
};

result<reconciled> check_document(const sweep_list& list, const bounded_line& line) {
  const auto store = list.open(line);
  if (!store) return store.error();
  auto found = check_without_store(*store);
  if (found && !found->existed) {
    const std::string& name = line.text;
    const std::string_view hint = name.ends_with('\r') ? ": the line ends in a carriage return" : "";
    return error(errc::document_missing, fmt::format("there is no document {}{}", name, hint));
  }
  return found;
}

/// The findings of a document in a format.
void add_items(share_report& to, const sweep_list& list, const bounded_line& asked,
               const findings_form& form) {
  const auto checked = check_document(list, asked);
  auto found = checked ? findings_of(asked.text, *checked) : result<document_findings>(checked.error());
  if (!found) found = findings_of(asked.text, found.error());
  to.items.push_back(form.items(*found));
  to.sum.add(*found);
}

/// A line of JSON about a document.
void add_line(share_report& to, const sweep_list& list, const bounded_line& asked) {
  const auto found = check_document(list, asked);
  const exit_code code = found ? code_for(*found) : code_for(found.error().code());
  json_report line(json_form::one_line);
  line.text("document", asked.text);
  line.number("exit_status", static_cast<std::size_t>(code));
  if (found) {
    add_findings(line, *found);
    add_counts(line, view_counts(found->by_state));
  } else {
    line.failure(found.error());
  }
  to.text += std::move(line).finish();
  to.sum.add(document_findings{{}, code, {}, {}});
}

/// What the workers share. Each takes some paths, looks at the documents, and prints its lines when it is its turn:
/// memory is bounded by what the workers have in hand.
class sweep {
 public:
  sweep(output_format format, const sweep_shard& shard, sweep_list list)
      : format_(format), shard_(shard), list_(std::move(list)) {}

  /// Prints what stands before all. False: nobody reads it.
  bool begin() { return print(is_json() ? std::string() : printer_.begin()); }

  /// One worker's work. Returns when there are no more paths, or nobody reads any more.
  void work() noexcept {
    try {
      for (;;) {
        const auto [paths, turn] = take();
        if (paths.empty()) return;
        share_report found;
        for (const bounded_line& path : paths)
          is_json() ? add_line(found, list_, path) : add_items(found, list_, path, form_of(format_));
        if (to_terminal_) found.text = printable_json(found.text);
        if (!tell(found, turn)) return;
      }
    } catch (...) {
      stop(std::current_exception());
    }
  }

  /// What became of it. Precondition: no worker works any more.
  [[nodiscard]] outcome_report finish() {
    if (failure_) std::rethrow_exception(failure_);
    if (list_.failure()) all_.code = first_of(all_.code, exit_code::failed);
    if (!is_json() && !is_stopped_) print(printer_.end(all_));
    if (shows_progress_) {
      show_progress();
      (void)write_all(STDERR_FILENO, "\n");
    }
    if (write_failure_) {
      return report_error(error(errc::invalid_argument,
                                fmt::format("could not write the output: {}", write_failure_.message())));
    }
    if (const auto why = list_.failure()) {
      return report_error(
          error(errc::invalid_argument, fmt::format("could not read standard input: {}", why.message())));
    }
    return {all_.code, {}, {}};
  }

 private:
  struct share {
    std::vector<bounded_line> paths;
    std::size_t turn = 0;
  };
  static constexpr std::size_t paths_at_once = 16;

  share take() {
    const std::scoped_lock lock(input_mutex_);
    share mine;
    do {
      mine.paths = list_.next(paths_at_once);
      if (mine.paths.empty()) break;
      std::erase_if(mine.paths, [&](const bounded_line& one) { return !shard_.holds(one.text); });
    } while (mine.paths.empty());
    mine.turn = turns_given_++;
    return mine;
  }

  /// Prints the lines when all before them have been printed. False: nobody reads them.
  bool tell(const share_report& found, std::size_t turn) {
    std::unique_lock lock(output_mutex_);
    turn_came_.wait(lock, [&] { return is_stopped_ || turn == turns_done_; });
    if (is_stopped_) return false;
    std::string text = found.text;
    for (const std::string& items : found.items)
      text += printer_.next(items);
    print(text);
    ++turns_done_;
    all_.add(found.sum);
    const auto now = std::chrono::steady_clock::now();
    if (shows_progress_ && now - shown_at_ > std::chrono::milliseconds(100)) {
      show_progress();
      shown_at_ = now;
    }
    turn_came_.notify_all();
    return !is_stopped_;
  }

  /// Precondition: no other worker prints.
  bool print(std::string_view text) {
    if (const auto written = write_all(STDOUT_FILENO, text); !written) {
      write_failure_ = written.error();
      is_stopped_ = true;
    }
    return !is_stopped_;
  }

  [[nodiscard]] bool is_json() const noexcept { return format_ == output_format::json; }

  void stop(std::exception_ptr why) noexcept {
    const std::scoped_lock lock(output_mutex_);
    failure_ = std::move(why);
    is_stopped_ = true;
    turn_came_.notify_all();
  }

  /// The line only grows, so that it covers the one before.
  void show_progress() const {
    // Where it can't be shown, nobody misses it.
    (void)write_all(STDERR_FILENO, fmt::format("\r{}, {} of them not fine",
                                               counted(all_.documents, "document"), all_.not_fine));
  }

  const output_format format_;
  findings_printer printer_{form_of(format_)};
  const bool to_terminal_ = ::isatty(STDOUT_FILENO) != 0;
  const bool shows_progress_ = !to_terminal_ && ::isatty(STDERR_FILENO) != 0;

  std::mutex input_mutex_;
  const sweep_shard shard_;
  sweep_list list_;
  std::size_t turns_given_ = 0;

  std::mutex output_mutex_;
  std::condition_variable turn_came_;
  std::size_t turns_done_ = 0;
  bool is_stopped_ = false;
  boost::system::error_code write_failure_;
  std::exception_ptr failure_;
  findings_summary all_;
  std::chrono::steady_clock::time_point shown_at_;
};

}  // namespace

outcome_report run_sweep(const sweep_options& options) {
  const auto shard = options.shard.empty() ? sweep_shard() : parse_shard(options.shard);
  if (!shard) {
    return report_error(
        error(errc::invalid_argument,
              fmt::format("--shard takes I/N, such as 1/8 to 8/8, and {} is none", options.shard)));
  }
  auto list = options.documents.empty() ? result<sweep_list>(sweep_list(options.ends_in_nul ? '\0' : '\n'))
                                        : sweep_list::of_documents(options.documents);
  if (!list) return report_error(list.error());
  sweep all(options.format, *shard, std::move(*list));
  if (all.begin()) {
    std::vector<std::jthread> others;
    try {
      for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
        others.emplace_back([&] { all.work(); });
    } catch (const std::system_error&) {
      // Those that could be had must do.
    }
    all.work();
  }
  return all.finish();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
