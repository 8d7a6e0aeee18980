#include "gate.hpp"

#include <memory>

#include "agentslock/io/cached_lockfile.hpp"
#include "document.hpp"

namespace agentslock::c {
namespace {

std::int32_t number_of(gate_decision decision) noexcept {
  switch (decision) {
    case gate_decision::allowed:
      return AGENTSLOCK_ALLOWED;
    case gate_decision::may_fall_through:
      return AGENTSLOCK_MAY_FALL_THROUGH;
    case gate_decision::refused:
      break;
  }
  return AGENTSLOCK_QUERY_REFUSED;
}

}  // namespace

const agentslock_gate_answer& gate_telling::ask(const lockfile& file, view_key key, std::int32_t choice) {
  told_ = {};  // whatever happens, the last answer is gone
  const gate_answer answer =
      may_query(file, key, choice_in(choice) ? fall_through::opted_in : fall_through::refused);
  agentslock_gate_answer next{};
  tell_dependees(answer);
  if (is_status(answer.state)) {
    next.status = text_out(spelling(status_of(answer.state)));
  } else {
    status_ = answer.recorded_status;
    next.status = text_out(status_);
  }
  next.decision = number_of(answer.decision);
  next.state = c::number_of(answer.state);
  next.reason = text_out(answer.reason);
  next.unblocked_by = text_out(answer.unblocked_by);
  next.dependees = dependees_.data();
  next.dependee_count = dependees_.size();
  told_ = next;
  return told_;
}

void gate_telling::tell_dependees(const gate_answer& answer) {
  texts_.clear();
  dependees_.clear();
  texts_.reserve(answer.dependees.size() * 4);  // the texts must not move
  const auto keep = [&](std::string_view text) { return text_out(texts_.emplace_back(text)); };
  for (const dependee_facts& one : answer.dependees) {
    dependees_.push_back({keep(one.adapter), keep(one.recorded_digest), keep(one.recorded_version),
                          one.active_digest ? keep(*one.active_digest) : nothing});
  }
}

}  // namespace agentslock::c

using namespace agentslock;
using namespace agentslock::c;

struct agentslock_gate {
  explicit agentslock_gate(const lockfile_store& store) : file(store) {}

  cached_lockfile file;
  gate_telling telling;
};

extern "C" {

agentslock_code agentslock_gate_open(const agentslock_document* document, agentslock_gate** gate,
                                     agentslock_error** why) {
  return made(gate, why, [&]() -> result<std::unique_ptr<agentslock_gate>> {
    return std::make_unique<agentslock_gate>(given(document).store());
  });
}

void agentslock_gate_close(agentslock_gate* gate) {
  delete gate;
}

agentslock_code agentslock_gate_ask(agentslock_gate* gate, agentslock_key key, int32_t fall_through,
                                    const agentslock_gate_answer** answer, agentslock_error** why) {
  if (answer != nullptr) *answer = nullptr;
  return guarded(why, [&]() -> result<> {
    if (answer == nullptr) throw wrong_call{"the out-pointer is NULL"};
    agentslock_gate& of = given(gate);
    const view_key asked = key_in(key);
    const auto now = of.file.current();
    if (!now) return now.error();
    *answer = &of.telling.ask(**now, asked, fall_through);
    return {};
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
