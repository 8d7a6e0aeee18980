// OpenSSL asks the processor what it can do before main() runs, in each process: a dozen CPUID instructions, each of which a virtual machine
// hands to its host. Most commands make no digest, so the linker takes these functions in place of OpenSSL's (--wrap): the processor
// is asked with the first digest. What OpenSSL's own code comes to without having asked is the same, only slower.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

// The linker gives these names.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

void __real_OPENSSL_cpuid_setup();
int __real_SHA256_Init(SHA256_CTX* state);

void __wrap_OPENSSL_cpuid_setup();
void __wrap_OPENSSL_cpuid_setup() {}

int __wrap_SHA256_Init(SHA256_CTX* state);
int __wrap_SHA256_Init(SHA256_CTX* state) {
  [[maybe_unused]] static const bool asked = (__real_OPENSSL_cpuid_setup(), true);
  return __real_SHA256_Init(state);
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
// SPDX-License-Identifier: Apache-2.0
