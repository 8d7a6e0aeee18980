#include "memory_document.hpp"

#include <memory>
#include <utility>

namespace agentslock::testing {

class memory_document::numbered final : public document_revision {
 public:
  explicit numbered(std::uint64_t its_number) : number(its_number) {}
  std::uint64_t number;
};

namespace {

error foreign_revision() {
  return {errc::invalid_argument, "that was read elsewhere"};
}

}  // namespace

class memory_document::turn final : public document_turn {
 public:
  explicit turn(const memory_document& of) : of_(of) {}
  result<stored_document> read() override { return of_.read(); }
  result<bool> is_current(const document_revision& as_read) override {
    const auto* mine = dynamic_cast<const numbered*>(&as_read);
    if (mine == nullptr) return foreign_revision();
    return result<bool>(of_.revision() == mine->number);
  }
  result<> store_if(const document_revision& as_read, std::span<const std::string_view> pieces) override {
    const auto* mine = dynamic_cast<const numbered*>(&as_read);
    if (mine == nullptr) return foreign_revision();
    std::string bytes;
    for (const std::string_view piece : pieces)
      bytes += piece;
    return of_.write(mine->number, std::move(bytes));
  }

 private:
  const memory_document& of_;
};

result<stored_document> memory_document::read() const {
  const std::scoped_lock lock(mutex_);
  return stored_document{text_buffer(bytes_.value_or("")), bytes_.has_value(),
                         std::make_shared<numbered>(revision_)};
}

result<bool> memory_document::is_current(document_revision& as_read) const {
  return turn(*this).is_current(as_read);
}

result<std::unique_ptr<document_turn>> memory_document::take_turn() const {
  return std::unique_ptr<document_turn>(std::make_unique<turn>(*this));
}

result<> memory_document::write(std::uint64_t as_read, std::string bytes) const {
  const std::scoped_lock lock(mutex_);
  const auto cut = std::exchange(cut_, std::nullopt);
  if (cut == cut_at::before_commit) return error(errc::store_unreachable, "cut off before the write");
  if (as_read != revision_) return error(errc::conflict, name_ + " is another one now");
  if (cut == cut_at::in_commit) is_done_in_the_middle_ = !is_done_in_the_middle_;
  if (cut != cut_at::in_commit || is_done_in_the_middle_) set(std::move(bytes));
  if (cut) return error(errc::outcome_uncertain, "cut off before an answer came");
  return {};
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
