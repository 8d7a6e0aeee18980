/// Documents in an etcd cluster, by the JSON gateway of its members: keys whose values are the documents' bytes.
///
///     etcd_documents documents(etcd_access::from_environment());
///     lockfile_store store(documents.document("team/project"));     // and from here on as with a file
///     auto done = store.update([&](lockfile& file) -> result<> {
///       return file.activate("crg", source, schema, store.now());
///     });
///
/// A write is one transaction, which compares the key's mod_revision and the token that were read and puts the next token there
/// with the bytes. Nothing is locked between reading and writing; where another writer was first, a lockfile_store begins again.
///
/// The token lies beside the document, in the key with a NUL behind it: 32 hexadecimal digits that no other write of anybody has. It
/// tells, after an answer was lost, whether the write was done, and stays when the document is removed. So a document is what
/// `etcdctl get` shows and `etcdctl put` writes, and both are seen here; a user needs the permission for all keys that begin with the
/// document's, as `etcdctl role grant-permission ROLE readwrite KEY --prefix` gives it.
///
/// Reading always asks the cluster's leader. A serializable read, which a member answers by itself and which may be stale, is
/// never made.
///
/// What no message ever holds is a user, a password, a token, or the name of a file of etcd_access.
///
/// Errors of all functions here, with nothing changed in the cluster:
///   store_unreachable  no endpoint answered, or none that knows a leader, while nothing was written
///   access_denied      the user, the password or the certificate is refused, or the user lacks the permission
///   store_busy         the cluster takes no more requests at the moment
///   no_space           the cluster's database has reached its quota
///   invalid_argument   an endpoint is none; a key is empty, holds a NUL or is not UTF-8
///   name_too_long      a key of more than 1,024 bytes
///   too_large, io_failed
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/document_store.hpp"
#include "agentslock/io/etcd_access.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// The largest document that is written or read, in bytes, whatever the cluster would take.
inline constexpr std::size_t etcd_document_size_bytes_max = std::size_t{16} << 20;
/// What a member takes as one request where its --max-request-bytes does not say otherwise: the document, its key and the token.
inline constexpr std::size_t etcd_request_size_bytes_usual = std::size_t{3} << 19;
/// The longest key, in bytes.
inline constexpr std::size_t etcd_key_size_bytes_max = 1024;

/// How what lives in an etcd cluster is called, before its key.
inline constexpr std::string_view etcd_document_prefix = "etcd:";

struct etcd_documents_options {
  /// How long a write whose answer was lost is asked about before its outcome is called uncertain.
  std::chrono::milliseconds wait{10'000};
};

class etcd_pairs;

/// Connects when it is first asked, and keeps connections that are idle, at most one for each thread that asked at once. Copies
/// share them. Safe from any thread. A forked child makes an object of its own.
/// Each call ends: after the limits' answer at the latest, for each thousand keys of a list; a write whose answer was lost, after
/// that and the options' wait besides. To look up a host's name takes as long as the system lets it.
class etcd_documents {
 public:
  /// Connects to nothing yet.
  explicit etcd_documents(const etcd_access& access, etcd_documents_options options = {});

  struct listed {
    std::string key;
    /// The cluster's revision when it was written.
    std::int64_t revision = 0;
    /// How often it was written since it was made.
    std::int64_t version = 0;
  };
  /// The documents whose keys begin so, in byte order, as they were at one moment; their bytes are not read. Asks for a
  /// thousand at a time. With an empty prefix these are all keys of the cluster.
  [[nodiscard]] result<std::vector<listed>> list(std::string_view prefix = {}) const;

  /// One document as a store, called "etcd:" and the key.
  [[nodiscard]] std::shared_ptr<const document_store> document(std::string_view key) const;
  /// Puts bytes there whatever is there, without looking at what they say.
  /// Errors: also conflict, when others go on being first, and outcome_uncertain.
  [[nodiscard]] result<> put(std::string_view key, std::string_view bytes) const;
  /// Takes the document away, and says whether there was one. Errors: as put.
  [[nodiscard]] result<bool> remove(std::string_view key) const;

 private:
  std::shared_ptr<etcd_pairs> pairs_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
