// What a call that is about to be made says about the laws of the lock.
#include <cstdint>
#include <string>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/sidecar_lock.hpp"
#include "lock_parties.hpp"

namespace agentslock::testing {

void lock_scenario::about_to(const system_call& call) {
  ++step_;
  party& who = of(call.process);
  const auto is_temporary = [](const std::string& path) { return path.find(".tmp-") != std::string::npos; };
  switch (call.kind) {
    case call_kind::create_nameless:
      who.claim_began = disk->clock.boot;
      break;
    case call_kind::create:
      if (call.path.starts_with(sidecar_path)) who.claim_began = disk->clock.boot;
      if (is_temporary(call.path)) {
        who.staged = step_;
        who.looked_at_sidecar = who.looked_at_document = 0;
      }
      if (call.path == sidecar_path) {
        writes_in_place_ = true;
        who.staged = 0;
        linked_last_ = call.process;
      }
      if (call.path == holder_path) linked_last_ = call.process;
      break;
    case call_kind::open:
    case call_kind::symlink_status_at:
      if (call.path == sidecar_path) {
        who.looked_at_sidecar = step_;
        who.looked_at = disk->clock.boot;
      }
      // What is read before anything is staged is what the new document is made from.
      if (call.path == document_path && call.kind == call_kind::open && who.staged == 0) {
        who.document_read = number_of(document_path);
        who.document_changed = 0;
      }
      break;
    case call_kind::hard_link:
    case call_kind::hard_link_open:
      if (call.second_path == sidecar_path) {
        who.staged = 0;  // it begins, perhaps anew
        linked_last_ = call.process;
      }
      break;
    case call_kind::rename_new:
      if (call.second_path == sidecar_path) linked_last_ = call.process;
      break;
    case call_kind::lock:
      if (call.path == directory) who.came_to_the_queue = true;
      break;
    case call_kind::unlock:
      who.in_section = false;
      break;
    case call_kind::unlink:
      if (call.path.find(".stale-") != std::string::npos) about_to_discard(who, call.path);
      break;
    case call_kind::status_at:
      if (call.path == document_path) {
        who.looked_at_document = step_;
        who.looked_at = disk->clock.boot;
      }
      break;
    case call_kind::rename:
      if (call.second_path == document_path) about_to_replace_document(who, call.process);
      if (call.path == sidecar_path) about_to_move_sidecar(who, call.process);
      break;
    default:
      break;
  }
}

void lock_scenario::about_to_move_sidecar(party& who, int process) {
  const int owner = owner_of_sidecar();
  if (owner == process) {
    who.in_section = false;  // it lets go by itself
    owner_ = -1;
    return;
  }
  if (owner < 0 || !who.is_ours()) return;
  // Not even for a moment, if it has been told that the sidecar is that one's.
  const party& other = of(owner);
  const bool alive = other.in_section && !other.killed && !other.ended;
  const auto says = parse_identity(sidecar_text().value_or(""));
  const bool stale = disk->clock.wall - says->acquired > lock_options().stale;
  if (alive && !stale && other.claimed < who.looked_at_sidecar)
    wrong(who.name + " moves the live lock of " + other.name + " aside, which it has seen");
}

void lock_scenario::about_to_replace_document(party& who, int process) {
  // Judged by what is there now; it counts only if the rename is seen to have been done.
  replacement now{process, owner_of_sidecar() == process, number_of(document_path) == who.document_read};
  replacing_ = now;
}

void lock_scenario::has_replaced_document(const replacement& done) {
  party& who = of(done.process);
  who.replaced_document = true;
  if (who.plays == role::editor) {
    editor_wrote_ = true;
    return;
  }
  if (!who.is_ours()) {
    if (!done.owned_the_lock || who.was_away) go_wrote_without_lock_ = true;
    return;
  }
  if (!done.owned_the_lock) {
    const bool could_have_known =
        who.looked_at_sidecar <= who.staged || who.lost_sidecar < who.looked_at_sidecar;
    if (could_have_known) wrong(who.name + " replaces the document although it has lost the lock");
    who.escaped_the_look = who.lost_lock_unseen = true;
  }
  if (!done.had_read_it) {
    const bool could_have_known =
        who.looked_at_document <= who.staged || who.document_changed < who.looked_at_document;
    if (could_have_known) wrong(who.name + " replaces a document that it has not read");
    who.escaped_the_look = true;
  }
  if (who.looked_at - who.acquired > lock_options().lease || who.claimed_too_late)
    wrong(who.name + " writes after its lease is over");
}

void lock_scenario::about_to_discard(const party& who, const std::string& path) {
  const auto text = disk->text_of(path);
  const auto of_whom = text ? parse_identity(*text) : std::nullopt;
  const auto index = of_whom ? of_whom->process - first_process : -1;
  if (!who.is_ours() || index < 0 || index >= static_cast<std::int64_t>(parties_.size())) return;
  const party& other = parties_[static_cast<std::size_t>(index)];
  const bool alive = &other != &who && other.in_section && !other.killed && !other.ended;
  const bool stale = disk->clock.wall - of_whom->acquired > lock_options().stale;
  // A sibling that was only ever a claim's own is linked twice, or was never the sidecar.
  const bool was_the_sidecar = disk->find(path)->hard_links == 1 && other.claimed_token == of_whom->token;
  if (alive && !stale && was_the_sidecar && !disk->find(sidecar_path)) {
    wrong(who.name + " takes away the live lock of " + other.name);
  }
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
