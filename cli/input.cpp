#include "input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <span>

#include "agentslock/io/digest.hpp"
#include "agentslock/io/lock_document.hpp"
#include "streams.hpp"

namespace agentslock::cli {
namespace {

constexpr std::size_t block_size_bytes = std::size_t{1} << 16;

/// An input that is being read, and what to say when it can't be.
class input {
 public:
  explicit input(const std::string& path)
      : name_(path == "-" ? "standard input" : path),
        is_ours_(path != "-"),
        file_(is_ours_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO) {
    if (file_ < 0) why_not_ = std::strerror(errno);
    struct stat status {};
    if (file_ < 0 || ::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) return;
    expected_ = static_cast<std::size_t>(status.st_size);
    if (expected_ > document_size_bytes_max) refuse_size();
  }
  input(const input&) = delete;
  input& operator=(const input&) = delete;
  ~input() {
    if (is_ours_ && file_ >= 0) ::close(file_);
  }

  /// How many bytes it says that it has; 0 when it says nothing.
  [[nodiscard]] std::size_t expected() const noexcept { return why_not_.empty() ? expected_ : 0; }

  /// Some bytes; 0 at the end.
  result<std::size_t> read(std::span<char> into) {
    if (why_not_.empty()) {
      const auto got = read_some(file_, into);
      if (!got) why_not_ = got.error().message();
      read_ += got ? *got : 0;
      if (read_ > document_size_bytes_max) refuse_size();
      if (why_not_.empty()) return *got;
    }
    return error(errc::invalid_argument, fmt::format("could not read {}: {}", name_, why_not_));
  }

 private:
  void refuse_size() {
    why_not_ =
        fmt::format("it is larger than {}, and no document, script or source is", document_size_max_text);
  }

  std::string name_;
  bool is_ours_;
  int file_;
  std::size_t expected_ = 0;
  std::size_t read_ = 0;
  std::string why_not_;
};

}  // namespace

void input_text::reserve(std::size_t capacity) {
  auto* const moved = static_cast<char*>(std::realloc(bytes_.get(), capacity));
  if (moved == nullptr) throw std::bad_alloc();
  (void)bytes_.release();
  bytes_.reset(moved);
  capacity_ = capacity;
}

result<input_text> read_input(const std::string& path) {
  input from(path);
  input_text whole;
  // One byte more than it should have, to see that it has not.
  whole.reserve(std::max(block_size_bytes, from.expected() + 1));
  for (;;) {
    if (whole.size_ == whole.capacity_)
      whole.reserve(std::min(2 * whole.capacity_, document_size_bytes_max + block_size_bytes));
    const auto got = from.read({whole.bytes_.get() + whole.size_, whole.capacity_ - whole.size_});
    if (!got) return got.error();
    if (*got == 0) return whole;
    whole.size_ += *got;
  }
}

result<std::string> digest_of_input(const std::string& path) {
  input from(path);
  digest_stream all;
  std::array<char, block_size_bytes> block;
  for (;;) {
    const auto got = from.read(block);
    if (!got) return got.error();
    if (*got == 0) return std::move(all).finish();
    all.add({block.data(), *got});
  }
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
