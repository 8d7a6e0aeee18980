#include <fmt/format.h>

#include "agentslock/io/sidecar_lock.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace agentslock::cli {
namespace {

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
  }
  return "";
}

double seconds(std::chrono::nanoseconds time) {
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
  const bool there = status.now != sidecar_status::state::free;
  number_or_null("process", status.identity.has_value(), status.identity ? status.identity->process : 0);
  json.text_or_null("token", status.identity ? status.identity->token : "");
  number_or_null("age_seconds", there, seconds(status.age));
  number_or_null("stale_in_seconds", there, seconds(status.stale_in));
  number_or_null("gate_process", status.gate_holder.has_value(), status.gate_holder.value_or(0));
  return std::move(json).finish();
}

std::string to_text(const sidecar_status& status, const std::string& document) {
  std::string text = fmt::format("{}: {}\n", printable(document), word(status.now));
  if (status.identity) {
    text +=
        fmt::format("  process {}, token {}\n", status.identity->process, printable(status.identity->token));
  }
  if (status.now == sidecar_status::state::held || status.now == sidecar_status::state::garbled) {
    text += fmt::format("  for {:.1f} s; stale, and taken over by the next writer, in {:.1f} s\n",
                        seconds(status.age), seconds(status.stale_in));
  }
  if (status.now == sidecar_status::state::stale) {
    text += fmt::format("  for {:.1f} s; the next writer takes it over\n", seconds(status.age));
  }
  if (status.gate_holder)
    text += fmt::format("  the folder's gate is held by process {}\n", *status.gate_holder);
  return text;
}

}  // namespace

outcome_report run_lock_status(const common_options& common) {
  const std::string document = document_of(common).path();
  const auto status = look_at_sidecar(platform::system(), document);
  if (!status) return report_error(status.error());
  return {exit_code::fine, to_text(*status, document), to_json(*status, document)};
}

outcome_report run_lock_break(const common_options& common, const std::string& token) {
  const std::string document = document_of(common).path();
  const auto broken = break_sidecar(platform::system(), document, token);
  if (!broken) return report_error(broken.error());
  json_report json;
  json.text("document", document);
  json.text("broken", token);
  return {exit_code::fine,
          fmt::format("{}: the lock with token {} was taken away\n", printable(document), printable(token)),
          std::move(json).finish()};
}

}  // namespace agentslock::cli
