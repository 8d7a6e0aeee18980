/// The digest of bytes, as it stands in lock documents: "sha256:" and 64 lower-case hexadecimal digits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)
namespace agentslock {

/// The SHA-256 digest of bytes, in the document's spelling. The empty text, which matches no digest, should the
/// cryptographic library ever fail.
/// Linear; safe from any thread.
[[nodiscard]] std::string digest(std::string_view bytes);

/// The same of bytes that come in pieces, such as those of a large file: of all of them at once only the digest is kept.
/// For one thread at a time.
///
///     digest_stream all;
///     while (more()) all.add(piece());
///     std::string spelt = std::move(all).finish();
class digest_stream {
 public:
  digest_stream();
  /// Linear in the piece.
  void add(std::string_view piece) noexcept;
  /// What digest() says of all the pieces, one after the other.
  [[nodiscard]] std::string finish() &&;

 private:
  /// The cryptographic library's state; nothing when it has failed.
  std::unique_ptr<void, void (*)(void*)> hash_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
