#include "lock_trace.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/sidecar_lock.hpp"

namespace agentslock::testing {

void lock_trace::set_up(memory_disk& made) {
  of_.disk = disk;
  of_.set_up(made);
  for (const party& who : of_.parties())
    facts_.push_back({.name = who.name});
  // Who left a sidecar before all began is a Go tool that claimed, and was killed, or is about to let go.
  if (const auto there = parse_identity(made.text_of(sidecar_path).value_or(""))) {
    name_of_token_[there->token] = setup_.holder_leaves ? "first holder 1" : "dead holder 1";
    const std::string first = name_of_token_[there->token];
    tell_of(first, "claims");
    if (!setup_.holder_leaves) tell_of(first, "is killed");
  }
}

std::string lock_trace::whose(const std::optional<std::string>& text) const {
  const auto identity = parse_identity(text.value_or(""));
  if (!identity) return "nobody";
  const auto known = name_of_token_.find(identity->token);
  return known == name_of_token_.end() ? "somebody" : known->second;
}

void lock_trace::tell_of(const std::string& who, const std::string& what) {
  const auto queue = disk->lock_holder(disk->number_of(directory));
  const std::string in_queue = queue ? of(*queue).name : "nobody";
  const std::string document = disk->text_of(document_path).value_or("");
  std::string updates;
  for (const party& one : of_.parties()) {
    if (document.find('"' + one.name + '"') == std::string::npos) continue;
    updates += (updates.empty() ? "" : ", ") + one.name;
  }
  lines_.push_back(who + " " + what + " | queue: " + in_queue + " | sidecar: " + whose_sidecar() +
                   " | document: " + (updates.empty() ? "nothing" : updates));
}

void lock_trace::tell(int process, const std::string& what) {
  const actor_facts& who = of(process);
  tell_of(who.tries > 1 ? who.name + ", try " + std::to_string(who.tries) : who.name, what);
}

void lock_trace::tell_ages() {
  const auto tell_age = [&](const std::string& path) {
    const auto identity = parse_identity(disk->text_of(path).value_or(""));
    const std::string who = whose(disk->text_of(path));
    if (!identity || old_[who] || disk->clock.wall - identity->acquired <= lock_options().stale) return;
    old_[who] = true;
    tell_of(who, "has a sidecar that is 30 s old now");
  };
  tell_age(sidecar_path);
  for (const auto& [path, one] : aside_)
    tell_age(path);
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    actor_facts& who = facts_[i];
    if (!who.holds || who.late || disk->clock.boot - who.acquired <= lock_options().lease) continue;
    who.late = true;
    tell(static_cast<int>(i) + 10, "is paused until its lease is over");
  }
}

void lock_trace::about_to(const system_call& call) {
  settle();
  of_.about_to(call);
  tell_ages();
  pending_ = call;
  sidecar_before_ = whose_sidecar();
  can_be_renamed_ = call.kind == call_kind::rename && disk->text_of(call.path).has_value();
}

void lock_trace::crashed(int process) {
  settle();
  of_.crashed(process);
  of(process).killed = true;
  of(process).holds = false;
  tell(process, "is killed");
}

std::optional<std::string> lock_trace::check_step() {
  settle();
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    const party& who = of_.parties()[i];
    if (!who.ended || facts_[i].told_end || facts_[i].killed || !who.is_ours()) continue;
    facts_[i].told_end = true;
    facts_[i].holds = false;
    const bool uncertain = !*who.ended && who.ended->error().code() == errc::outcome_uncertain;
    tell(static_cast<int>(i) + 10, *who.ended  ? "returns success"
                                   : uncertain ? "returns that the outcome is uncertain"
                                               : "returns an error");
  }
  return of_.check_step();
}

std::optional<std::string> lock_trace::check_end() {
  settle();
  tell_of("all", "have ended");
  // What the judges do then is no part of the schedule.
  pending_.reset();
  return of_.check_end();
}

void lock_trace::settle() {
  if (!pending_) return;
  const system_call call = *std::exchange(pending_, std::nullopt);
  actor_facts& who = of(call.process);
  const bool ours = playing(call.process).is_ours();
  if (const auto gone = swept_.find(call.path); gone != swept_.end() && gone->second == call.process) {
    swept_.erase(gone);
    tell(call.process, "finds that what it moved aside is gone");
    return;
  }
  switch (call.kind) {
    case call_kind::lock: {
      if (call.path != directory) break;
      const bool entered = disk->lock_holder(disk->number_of(directory)) == call.process;
      if (!entered && playing(call.process).plays == role::queued) break;
      const int tries = who.tries + 1;
      who = {.name = who.name, .tries = tries, .acquired = disk->clock.boot};
      tell(call.process, entered ? "enters the queue" : "finds no queue");
      break;
    }
    case call_kind::unlock:
      if (call.path != directory) break;
      who.holds = false;
      tell(call.process, "leaves the queue");
      break;
    case call_kind::hard_link:
    case call_kind::hard_link_open:
      if (call.second_path == sidecar_path) after_link(call);
      break;
    case call_kind::rename:
      after_rename(call);
      break;
    case call_kind::unlink:
      after_unlink(call);
      break;
    case call_kind::create:
      if (playing(call.process).plays == role::editor) tell(call.process, "reads the document");
      break;
    case call_kind::sync_file:
      if (ours && call.path.find(".tmp-") != std::string::npos)
        tell(call.process, "writes the new document aside and syncs it");
      break;
    case call_kind::sync_directory:
      if (ours && call.path == directory && who.document_written != 0)
        tell(call.process, "syncs the directory");
      break;
    default:
      after_look(call);
      break;
  }
}

void lock_trace::after_link(const system_call& call) {
  const auto moved_aside = aside_.find(call.path);
  const bool was_free = sidecar_before_ == "nobody";
  if (moved_aside != aside_.end()) {
    if (was_free && whose_sidecar() == moved_aside->second.whose) {
      const std::string back = moved_aside->second.whose;
      aside_.erase(moved_aside);
      tell(call.process, "puts back the sidecar of " + back);
    } else {
      tell(call.process, "finds the place of the sidecar taken");
    }
    return;
  }
  const auto there = parse_identity(disk->text_of(sidecar_path).value_or(""));
  if (!was_free || !there || there->process != call.process) return;
  actor_facts& who = of(call.process);
  name_of_token_[there->token] = who.tries > 1 ? who.name + ", try " + std::to_string(who.tries) : who.name;
  who.holds = playing(call.process).is_ours();
  tell(call.process, "claims");
}

void lock_trace::after_rename(const system_call& call) {
  actor_facts& who = of(call.process);
  if (call.path == sidecar_path) {
    if (sidecar_before_ == "nobody") {
      tell(call.process, "finds no sidecar to move");
      return;
    }
    aside_[call.second_path] = {call.process, sidecar_before_};
    if (sidecar_before_.starts_with(who.name)) who.holds = false;
    tell(call.process, "moves aside the sidecar of " + sidecar_before_);
  } else if (call.second_path == document_path && can_be_renamed_) {  // a paused writer's may have been swept
    who.document_written = disk->number_of(document_path);
    const bool editor = playing(call.process).plays == role::editor;
    tell(call.process, editor ? "replaces the document" : "renames");
  }
}

void lock_trace::after_unlink(const system_call& call) {
  const auto gone = aside_.find(call.path);
  if (gone == aside_.end()) return;
  const moved what = gone->second;
  aside_.erase(gone);
  if (what.by == call.process) {
    tell(call.process, "removes the sidecar of " + what.whose);
    return;
  }
  swept_[call.path] = what.by;
  tell(call.process, "sweeps the sidecar of " + what.whose + ", which " + of(what.by).name + " moved aside");
}

void lock_trace::after_look(const system_call& call) {
  actor_facts& who = of(call.process);
  const party& plays = playing(call.process);
  if (plays.plays == role::go_tool && call.kind == call_kind::open && call.path == document_path)
    tell(call.process, "reads the document");
  if (!plays.is_ours() || who.tries == 0) return;
  if (call.path == sidecar_path &&
      (call.kind == call_kind::symlink_status_at || call.kind == call_kind::open)) {
    const std::string there = whose_sidecar();
    if (there == "nobody") {
      tell(call.process, "finds no sidecar");
    } else if (call.kind == call_kind::open) {
      tell(call.process, "looks at the sidecar of " + there);
    }
  }
  if (call.path != document_path) return;
  const std::uint64_t document = disk->number_of(document_path);
  if (call.kind == call_kind::symlink_status_at) {
    who.looks_at_old = true;
  } else if (call.kind == call_kind::open && !who.looks_at_old) {
    who.document_read = document;
    tell(call.process, "reads the document");
  } else if (call.kind == call_kind::status_at && who.document_read != 0) {
    const bool wrote = who.document_written != 0;
    const bool same = document == (wrote ? who.document_written : who.document_read);
    tell(call.process, !same   ? "looks at the document, which is another one"
                       : wrote ? "looks at the document, which is the one it wrote"
                               : "looks at the document, which is the one it read");
  }
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
