#include "context.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cstdlib>

#include "agentslock/io/sqlite_listing.hpp"
#include "agentslock/io/sqlite_presence.hpp"
#include "agentslock/kernel/utf8.hpp"
#include "shortened.hpp"
#include "streams.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

/// Holds off the signals that end a command while it may hold the lock.
void hold_off_signals(bool hold) {
  static sigset_t as_before;
  sigset_t endings;
  sigemptyset(&endings);
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&endings, signal);
  if (hold) {
    pthread_sigmask(SIG_BLOCK, &endings, &as_before);
  } else {
    pthread_sigmask(SIG_SETMASK, &as_before, nullptr);
  }
}

/// The directory of the store.
result<std::string> directory_of_store(const common_options& options) {
  const std::string name = options.store.empty() ? from_environment("AGENTSLOCK_STORE") : options.store;
  constexpr std::string_view sqlite_word = "sqlite:";
  if (name.starts_with(sqlite_word) && name.size() > sqlite_word.size()) {
    const boost::filesystem::path directory = name.substr(sqlite_word.size());
    // Boost appends what is absolute, too.
    if (!options.found_above || directory.is_absolute()) return directory.native();
    return (boost::filesystem::path(options.document).parent_path() / directory).native();
  }
  // What follows a scheme that we do not know may be a secret: it is not repeated.
  const std::string scheme = name.substr(0, name.find(':'));
  return error(errc::invalid_argument,
               name.empty() ? "name the store with --store sqlite:DIRECTORY, or in AGENTSLOCK_STORE"
                            : fmt::format("--store takes sqlite:DIRECTORY, and \"{}\" is none", scheme));
}

error missing(const std::string& path) {
  return {errc::document_missing, fmt::format("there is no document {}", path)};
}

}  // namespace

std::string as_utf8(std::string_view text) {
  std::string fit;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size <= 4 && size <= text.size() && !is_utf8(text.substr(0, size)))
      ++size;
    const bool bad = size > 4 || size > text.size();
    if (bad) size = 1;
    fit.append(bad ? std::string_view("\uFFFD") : text.substr(0, size));
    text.remove_prefix(size);
  }
  return fit;
}

std::string from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

lockfile_store document_of(const common_options& options) {
  store_options how;
  how.lock.on_hold = hold_off_signals;
  return lockfile_store(options.document, how);
}

result<loaded_lockfile> load_existing(const lockfile_store& store) {
  auto loaded = store.load();
  if (loaded && !loaded->existed()) return missing(store.path());
  return loaded;
}

audit_entry last_transition(const view& entry) {
  const auto log = entry.state_history.entries();
  return log.empty() ? audit_entry{} : log.back();
}

result<std::unique_ptr<presence_source>> open_store(const common_options& options) {
  auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return std::unique_ptr<presence_source>(std::make_unique<sqlite_presence>(std::move(*directory)));
}

result<std::unique_ptr<store_listing>> open_contents(const common_options& options) {
  auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return std::unique_ptr<store_listing>(std::make_unique<sqlite_listing>(std::move(*directory)));
}

result<std::string> absolute_store(const common_options& options) {
  if (options.store.empty() && from_environment("AGENTSLOCK_STORE").empty()) return std::string();
  const auto directory = directory_of_store(options);
  if (!directory) return directory.error();
  return "sqlite:" + boost::filesystem::absolute(*directory).lexically_normal().native();
}

result<std::string> digest_in_store(const common_options& options, view_key key) {
  auto views = open_store(options);
  if (!views) return views.error();
  auto stored = (*views)->find(key);
  if (!stored) return stored.error();
  if (!*stored) {
    return error(errc::invalid_argument,
                 fmt::format("the store has no view {}: build it first", to_string(key)));
  }
  return std::move(**stored);
}

outcome_report report_error(const error& why) {
  json_report json;
  json.failure(why);
  return {code_for(why.code()), fmt::format("agentslock: {}\n", printable(why.message())),
          std::move(json).finish()};
}

outcome_report report_missing(const std::string& path) {
  return report_error(missing(path));
}

int tell(const outcome_report& report, const common_options& options) {
  const bool failed = report.code == exit_code::failed || report.code == exit_code::could_not_verify ||
                      report.code == exit_code::lock_timeout;
  const int to = failed && !options.json ? STDERR_FILENO : STDOUT_FILENO;
  const auto written = !options.json       ? write_all(to, report.text)
                       : ::isatty(to) != 0 ? write_all(to, printable_json(report.json))
                                           : write_all(to, report.json);
  if (!written) return fail_to_write(written.error());
  if (const auto arrived = finish_output(); !arrived) return fail_to_write(arrived.error());
  return static_cast<int>(report.code);
}

json_report::json_report(json_form form)
    : layout_(form == json_form::indented ? json_layout() : json_layout{"", "", ":", "", ""}),
      write_(layout_, "") {
  write_.begin_object();
  number("format_version", format_version);
}

void json_report::text(std::string_view name, std::string_view value) {
  write_.name(name);
  write_.string(as_utf8(value));
}

void json_report::number(std::string_view name, std::size_t value) {
  write_.name(name);
  write_.value(std::to_string(value));
}

void json_report::boolean(std::string_view name, bool value) {
  write_.name(name);
  write_.value(value ? "true" : "false");
}

void json_report::text_or_null(std::string_view name, std::string_view value) {
  write_.name(name);
  if (value.empty()) {
    write_.value("null");
  } else {
    write_.string(as_utf8(value));
  }
}

void json_report::view(view_key key) {
  write_.begin_object();
  text("adapter", shortened(key.adapter));
  text("view", shortened(key.view));
  write_.end_object();
}

void json_report::failure(const error& why) {
  write_.name("error");
  write_.begin_object();
  text("code", name(why.code()));
  text("message", why.message());
  if (why.refused_as()) text("refused_as", name(*why.refused_as()));
  if (why.position()) {
    number("line", why.position()->line);
    number("column", why.position()->column);
  }
  write_.end_object();
}

std::string json_report::finish() && {
  write_.end_object();
  return std::move(write_).text() + "\n";
}

}  // namespace agentslock::cli
