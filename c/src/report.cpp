#include "report.hpp"

using namespace agentslock;
using namespace agentslock::c;

namespace {

agentslock_item about(const owned_key& key) noexcept {
  const agentslock_text empty = text_out("");
  agentslock_item item{};
  item.key = {text_out(key.adapter), text_out(key.view)};
  item.from = item.to = item.why = item.dependee = empty;
  item.recorded_digest = item.active_digest = item.view_digest = empty;
  return item;
}

agentslock_item about_adapter(const std::string& adapter) noexcept {
  agentslock_item item{};
  item = about(owned_key("", ""));
  item.key.adapter = text_out(adapter);
  return item;
}

agentslock_item item_of(const owned_key& key) noexcept {
  return about(key);
}
agentslock_item item_of(const std::string& adapter) noexcept {
  return about_adapter(adapter);
}
agentslock_item item_of(const reconciled::change& one) noexcept {
  agentslock_item item = about(one.key);
  item.from = text_out(one.from);
  item.to = text_out(spelling(one.to));
  item.why = text_out(one.reason);
  item.dependee = text_out(one.dependee);
  return item;
}
/// Texts that are not owned by a key of one piece.
agentslock_item item_of(const missing_dependee& one) noexcept {
  agentslock_item item = about_adapter(one.adapter);
  item.key.view = text_out(one.view);
  item.dependee = text_out(one.dependee);
  return item;
}
agentslock_item item_of(const missed_bump& one) noexcept {
  agentslock_item item = about_adapter(one.adapter);
  item.key.view = text_out(one.view);
  item.dependee = text_out(one.dependee);
  item.recorded_digest = text_out(one.recorded_digest);
  item.active_digest = text_out(one.active_digest);
  return item;
}
agentslock_item item_of(const validated::judged_view& one) noexcept {
  agentslock_item item = about(one.key);
  item.outcome = number_of(one.verdict);
  item.why = text_out(one.why);
  item.from = text_out(one.from);
  item.to = text_out(one.to);
  return item;
}
agentslock_item item_of(const cut_over::judged_view& one) noexcept {
  agentslock_item item = about(one.key);
  item.outcome = number_of(one.verdict);
  item.why = text_out(one.why);
  return item;
}
std::int32_t number_of(built outcome) noexcept {
  switch (outcome) {
    case built::ready:
      return AGENTSLOCK_PASSED;
    case built::already_done:
      return AGENTSLOCK_ALREADY_DONE;
    case built::failed:
      return AGENTSLOCK_FAILED;
    case built::could_not_tell:
      break;
  }
  return AGENTSLOCK_COULD_NOT_TELL;
}
agentslock_item item_of(const rebuilt::built_view& one) noexcept {
  agentslock_item item = about(one.key);
  item.outcome = number_of(one.outcome);
  item.why = text_out(one.why);
  item.view_digest = text_out(one.view_digest);
  return item;
}

/// Does something with the list of that number; with an empty one for a number that is none.
template <class Use>
auto with_list(const agentslock_report& of, std::int32_t list, const Use& use) noexcept {
  switch (list) {
    case AGENTSLOCK_CHANGED:
      return use(of.pass.changes);
    case AGENTSLOCK_VALIDATION_DUE:
      return use(of.pass.validation_due);
    case AGENTSLOCK_GATE_SHUT:
      return use(of.pass.gates_shut);
    case AGENTSLOCK_EVERY_DIGEST_DIFFERS:
      return use(of.pass.every_digest_differs);
    case AGENTSLOCK_MISSING_DEPENDEE:
      return use(of.pass.missing_dependees);
    case AGENTSLOCK_JUDGED:
      return of.cut.judged.empty() ? use(of.verdicts.views) : use(of.cut.judged);
    case AGENTSLOCK_BUILT:
      return use(of.builds.views);
    case AGENTSLOCK_FROZEN:
      return use(of.cut.frozen);
    case AGENTSLOCK_BLOCKER:
      return of.cut.blockers.empty() ? use(of.blockers) : use(of.cut.blockers);
    case AGENTSLOCK_MISSED_BUMP:
      return use(of.missed);
    case AGENTSLOCK_CANDIDATE:
      return use(of.candidates);
    default:
      return use(std::span<const owned_key>());
  }
}

std::int32_t yes(bool is_so) noexcept {
  return is_so ? 1 : 0;
}

}  // namespace

std::size_t agentslock_report::count(std::int32_t list) const noexcept {
  return with_list(*this, list, [](const auto& items) { return items.size(); });
}

agentslock_item agentslock_report::item(std::int32_t list, std::size_t index) const noexcept {
  return with_list(*this, list, [&](const auto& items) { return item_of(items[index]); });
}

extern "C" {

void agentslock_report_free(agentslock_report* report) {
  delete report;
}

size_t agentslock_report_count(const agentslock_report* report, int32_t list) {
  return looked_at(report, [&](const agentslock_report& of) { return of.count(list); });
}

int32_t agentslock_report_item(const agentslock_report* report, int32_t list, size_t index,
                               agentslock_item* item) {
  if (item == nullptr) return 0;
  *item = {};
  if (report == nullptr || index >= report->count(list)) return 0;
  *item = report->item(list, index);
  return 1;
}

size_t agentslock_report_views(const agentslock_report* report) {
  return looked_at(report, [](const agentslock_report& of) { return of.pass.views; });
}

size_t agentslock_report_in_state(const agentslock_report* report, int32_t state) {
  return looked_at(report, [&](const agentslock_report& of) {
    for (std::size_t i = 0; i < view_state_count; ++i) {
      if (agentslock::c::number_of(static_cast<view_state>(i)) == state) return of.pass.by_state[i];
    }
    return std::size_t{0};
  });
}

int32_t agentslock_report_written(const agentslock_report* report) {
  return looked_at(report, [](const agentslock_report& of) { return yes(of.written); });
}
int32_t agentslock_report_activated(const agentslock_report* report) {
  return looked_at(report, [](const agentslock_report& of) { return yes(of.cut.activated); });
}
int32_t agentslock_report_undecided(const agentslock_report* report) {
  return looked_at(report, [](const agentslock_report& of) { return yes(of.cut.undecided()); });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
