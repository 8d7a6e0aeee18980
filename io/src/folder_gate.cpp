#include "folder_gate.hpp"

#include "system_error.hpp"

namespace agentslock {

folder_gate folder_gate::enter(platform on, const std::string& folder, std::chrono::nanoseconds wait) {
  folder_gate gate;
  auto file = open_at(on.files, folder, open_how::folder);
  if (!file) return gate;
  const auto status = on.files.status_of(file->descriptor());
  if (!status) return gate;
  gate.folder_ = status->id;
  const auto locked = uninterrupted([&] { return on.files.lock(file->descriptor(), wait); });
  if (!locked) return gate;
  if (*locked == lock_answer::not_held) {
    gate.result_ = outcome::timed_out;
    return gate;
  }
  const auto place = on.files.place_of(file->descriptor());
  gate.local_ = place && *place == file_place::local;
  gate.result_ = outcome::entered;
  gate.file_ = std::move(*file);
  return gate;
}

void folder_gate::leave(platform on, bool is_forked_child) noexcept {
  if (!file_) return;
  if (!is_forked_child) (void)on.files.unlock(file_.descriptor());
  file_.close();
  result_ = outcome::unavailable;
}

}  // namespace agentslock
