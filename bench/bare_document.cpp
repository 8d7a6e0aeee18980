// Floor: what any program must do with a document, in a process of its own.
//     bare_document FILE             reads it and prints it
//     bare_document FILE --rewrite   reads it, and puts it in its place again, safe from a power cut
// Written as in C, so that it loads nothing but the C library.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void must(bool done) {
  if (!done) std::abort();
}

void write_all(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(file, bytes, size);
    must(written > 0);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
}

void replace(const char* path, const char* bytes, std::size_t size) {
  char young[4096];
  std::snprintf(young, sizeof young, "%s.new", path);
  const int file = ::open(young, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  must(file >= 0);
  write_all(file, bytes, size);
  must(::fsync(file) == 0 && ::close(file) == 0 && ::rename(young, path) == 0);
  *std::strrchr(young, '/') = '\0';
  const int directory = ::open(young, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  must(directory >= 0 && ::fsync(directory) == 0 && ::close(directory) == 0);
}

}  // namespace

int main(int argc, char** argv) {
  const int file = ::open(argv[1], O_RDONLY | O_CLOEXEC);
  struct stat status {};
  must(file >= 0 && ::fstat(file, &status) == 0);
  const auto size = static_cast<std::size_t>(status.st_size);
  char* const bytes = static_cast<char*>(std::malloc(size + 1));
  must(bytes != nullptr && ::read(file, bytes, size + 1) == status.st_size);
  if (argc > 2) {
    replace(argv[1], bytes, size);
  } else {
    write_all(STDOUT_FILENO, bytes, size);
  }
  return EXIT_SUCCESS;
}
// SPDX-License-Identifier: Apache-2.0
