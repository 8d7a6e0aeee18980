// Syncing, where the file system has it; private to the io layer.
#pragma once

#include <string>

#include "agentslock/io/file_system.hpp"

namespace agentslock {

/// Syncs an open file or directory. A file system that has no such call (VirtualBox shared directories, older CIFS, some
/// FUSE file systems) has nothing better to give, so that is success. What means that the disk failed, is full or
/// was not asked is an error.
[[nodiscard]] sys_result<> sync_where_possible(file_system& files, int file);

/// The same for a directory by its name: whether the names in it are as durable as its file system makes them.
/// Errors: EACCES where the directory may be written but not opened, so that it can't be synced; those of open and of
/// fsync.
[[nodiscard]] sys_result<> sync_directory(file_system& files, const std::string& directory);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
