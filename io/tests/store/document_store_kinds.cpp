#include "document_store_kinds.hpp"

#include <memory>
#include <utility>

#include "file/file_document.hpp"
#include "support/memory_platform.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {
namespace {

constexpr std::string_view path_on_disk = "/project/lock";

class real_file final : public shared_document {
 public:
  std::shared_ptr<const document_store> ours() override { return made(); }
  std::shared_ptr<const document_store> theirs() override { return made(); }

 private:
  [[nodiscard]] std::shared_ptr<const document_store> made() const {
    return std::make_shared<file_document>(directory_ / "lock", lock_options{}, durability::unsynced,
                                           platform::system());
  }
  temporary_directory directory_;
};

/// Fails the rename into place, has the lock taken away right after it, or fails the sync of the directory.
class cutting final : public call_hook {
 public:
  explicit cutting(cut_at where) : where_(where) {}

  sys_result<> before(const system_call& call) override {
    if (call.process != 1 || is_done_) return {};
    const bool is_the_rename = call.kind == call_kind::rename && call.second_path == path_on_disk;
    if (is_the_rename) was_renamed_ = true;
    if (where_ == cut_at::before_commit && is_the_rename) return fail();
    if (where_ == cut_at::after_commit && was_renamed_ && call.kind == call_kind::sync_directory)
      return fail();
    if (where_ == cut_at::in_commit && was_renamed_ && !is_the_rename) {
      is_done_ = true;
      disk->put_file(std::string(path_on_disk) + ".lock", "2\n1\n0123456789abcdef0123456789abcdef\n");
    }
    return {};
  }

 private:
  sys_result<> fail() {
    is_done_ = true;
    return fails_with(EIO);
  }
  cut_at where_;
  bool was_renamed_ = false;
  bool is_done_ = false;
};

class file_that_is_cut_off final : public shared_document {
 public:
  file_that_is_cut_off(cut_at where, std::string_view before) : cuts_(where) {
    disk_.put_directory("/project");
    disk_.put_file(std::string(path_on_disk), before);
  }
  std::shared_ptr<const document_store> ours() override { return made(ours_); }
  std::shared_ptr<const document_store> theirs() override { return made(theirs_); }

 private:
  static std::shared_ptr<const document_store> made(memory_process& process) {
    return std::make_shared<file_document>(path_on_disk, lock_options{}, durability::synced, process.on());
  }
  memory_disk disk_;
  cutting cuts_;
  memory_process ours_{disk_, cuts_, 1};
  memory_process theirs_{disk_, cuts_, 2};
};

class in_memory final : public shared_document {
 public:
  std::shared_ptr<const document_store> ours() override { return document_; }
  std::shared_ptr<const document_store> theirs() override { return document_; }
  memory_document& document() { return *document_; }

 private:
  std::shared_ptr<memory_document> document_ = std::make_shared<memory_document>();
};

}  // namespace

document_store_kind file_kind_of_store() {
  return {"file",
          [] { return std::make_unique<real_file>(); },
          [](cut_at where, std::string_view before) {
            return std::make_unique<file_that_is_cut_off>(where, before);
          },
          {errc::io_failed, errc::outcome_uncertain, errc::not_durable}};
}

document_store_kind memory_kind_of_store() {
  return {"memory",
          [] { return std::make_unique<in_memory>(); },
          [](cut_at where, std::string_view before) {
            auto made = std::make_unique<in_memory>();
            made->document().put(before);
            made->document().cut_off(where);
            return made;
          },
          {errc::store_unreachable, errc::outcome_uncertain, errc::outcome_uncertain}};
}

std::vector<document_store_kind> document_store_kinds() {
  return {
      file_kind_of_store(),
      memory_kind_of_store(),
#ifdef AGENTSLOCK_POSTGRES
      postgres_kind_of_store(),
#endif
#ifdef AGENTSLOCK_ETCD
      etcd_kind_of_store(),
#endif
  };
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
