#include <fmt/format.h>

#include <chrono>

#include "agentslock/io/sidecar_lock.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

constexpr std::string_view has_no_lock = "its writers take no lock that could be looked at or taken away";

std::string_view word(sidecar_status::state now) noexcept {
  switch (now) {
    case sidecar_status::state::free:
      return "free";
    case sidecar_status::state::held:
      return "held";
    case sidecar_status::state::stale:
      return "stale";
    case sidecar_status::state::garbled:
      return "garbled";
    case sidecar_status::state::not_a_lock:
      return "not_a_lock";
  }
  return "";
}

double in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string to_json(const sidecar_status& status, const std::string& document) {
  json_report json;
  json.text("document", document);
  json.text("sidecar", status.path);
  json.text("state", word(status.now));
  const auto number_or_null = [&](std::string_view name, bool known, auto number) {
    json.write().name(name);
    json.write().value(known ? fmt::format("{}", number) : "null");
  };
  const bool there = status.now != sidecar_status::state::free || status.identity;
  number_or_null("process", status.process.has_value(), status.process.value_or(0));
  json.text_or_null("holder", status.holder);
  json.text_or_null("token", status.identity ? status.identity->token : "");
  number_or_null("age_seconds", there, in_seconds(status.age));
  number_or_null("stale_in_seconds", there, in_seconds(status.stale_in));
  number_or_null("queue_process", status.queue_holder.has_value(), status.queue_holder.value_or(0));
  return std::move(json).finish();
}

std::string to_text(const sidecar_status& status, const std::string& document) {
  using state = sidecar_status::state;
  std::string text = fmt::format("{}: {}\n", printable(document), word(status.now));
  if (!status.holder.empty()) text += fmt::format("  by {}\n", printable(status.holder));
  if (status.identity && !status.identity->token.empty())
    text += fmt::format("  {}: token {}\n", printable(status.path), printable(status.identity->token));
  if (status.queue_holder) return text;
  switch (status.now) {
    case state::held:
    case state::garbled:
      text += status.age.count() < 0
                  ? fmt::format("  {}: dated in the future; one that is no live process's can be broken\n",
                                printable(status.path))
                  : fmt::format("  {}: there for {:.1f} s; taken over by the next writer in {:.1f} s\n",
                                printable(status.path), in_seconds(status.age), in_seconds(status.stale_in));
      break;
    case state::stale:
      text += fmt::format("  {}: there for {:.1f} s; the next writer takes it over\n", printable(status.path),
                          in_seconds(status.age));
      break;
    case state::not_a_lock:
      text += fmt::format("  {}: something that is no lock, in its place; move it away\n",
                          printable(status.path));
      break;
    case state::free:
      if (status.identity) text += "  its holder has died; the next writer takes it over at once\n";
      break;
  }
  return text;
}

}  // namespace

outcome_report run_lock_status(const common_options& common) {
  if (const auto is_file = check_is_file(common, has_no_lock); !is_file) return report_error(is_file.error());
  const std::string document = document_of(common).path();
  const auto status = look_at_sidecar(platform::system(), document);
  if (!status) return report_error(status.error());
  return {exit_code::fine, to_text(*status, document), to_json(*status, document)};
}

outcome_report run_lock_break(const common_options& common, std::optional<std::string_view> token) {
  if (const auto is_file = check_is_file(common, has_no_lock); !is_file) return report_error(is_file.error());
  const std::string document = document_of(common).path();
  const auto broken = break_sidecar(platform::system(), document, token);
  if (!broken) return report_error(broken.error());
  json_report json;
  json.text("document", document);
  json.text_or_null("broken", token.value_or(""));
  const std::string which =
      token ? fmt::format("the lock with token {}", printable(*token)) : "the lock without a token";
  return {exit_code::fine, fmt::format("{}: {} was taken away\n", printable(document), which),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
