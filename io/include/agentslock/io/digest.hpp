/// The digest of bytes, as it stands in lock documents: "sha256:" and 64 lower-case hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace agentslock {

/// The SHA-256 digest of bytes, in the document's spelling. The empty text, which matches no digest, when the
/// cryptographic library was set up to have no SHA-256.
/// Linear; safe from any thread.
[[nodiscard]] std::string digest(std::string_view bytes);

}  // namespace agentslock
