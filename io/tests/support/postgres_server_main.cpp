// A PostgreSQL server for tests in other languages: says the directory of its socket on a line, then does what it is told,
// one word a line, and answers each with "done". Ends with its standard input.
#include <iostream>
#include <string>

#include "postgres_server.hpp"

int main() {
  agentslock::testing::postgres_server server;
  std::cout << server.socket_directory() << std::endl;
  for (std::string word; std::getline(std::cin, word);) {
    if (word == "start") server.start();
    if (word == "stop") server.stop();
    if (word == "kill") server.kill();
    std::cout << "done" << std::endl;
  }
}
// SPDX-License-Identifier: Apache-2.0
