// Runs a harness once on each input that it is given, and on the empty one: for compilers without a fuzzing engine, and
// for ctest. It takes files, directories of files, and directories that may be empty of them but must be there.
//
//     fuzz_document corpus/fuzz_document regressions/fuzz_document

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../tests/support/figure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = boost::filesystem;

/// The inputs under a path, in byte order; ends the program when there is no such path.
std::vector<fs::path> inputs_under(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (fs::is_regular_file(entry.status()) && !entry.path().filename().string().starts_with('.'))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void run(const std::string& input) {
  // A copy of just this size, so that a sanitizer sees a read past its end.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  run("");
  for (int i = 1; i < argc; ++i) {
    for (const fs::path& file : inputs_under(argv[i])) {
      std::ifstream in(file, std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      if (!in.is_open() || in.bad()) {
        std::fprintf(stderr, "can't read %s\n", file.c_str());
        return 1;
      }
      // Known when the harness ends the program.
      std::fprintf(stderr, "%s\n", file.c_str());
      run(input);
      ++count;
    }
  }
  if (count == 0) {
    std::fprintf(stderr, "there are no inputs\n");
    return 1;
  }
  agentslock::testing::print_figure("inputs replayed", "%s: %zu", fs::path(argv[0]).filename().c_str(),
                                    count);
  return 0;
}
// SPDX-License-Identifier: Apache-2.0
