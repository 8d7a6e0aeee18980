// What is no JSON and has another name: each is called by it, and the reader is told what to do.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/lock_document.hpp"
#include "support/printers.hpp"

namespace agentslock {
namespace {

using namespace std::string_literals;

error refusal_of(std::string_view text) {
  const auto document = lock_document::parse(text_buffer(text), "the/path");
  EXPECT_FALSE(document) << text;
  return document ? error() : document.error();
}

/// The bytes of a text of ASCII in units of so many.
std::string widened(std::string_view text, std::size_t unit, bool lowest_first) {
  std::string wide;
  for (const char c : text) {
    std::string one(unit, '\0');
    one[lowest_first ? 0 : unit - 1] = c;
    wide += one;
  }
  return wide;
}

TEST(ForeignText, IsCalledByItsNameWithWhatToDo) {
  struct row {
    const char* what;
    std::string text;
    errc code;
    const char* says;
  };
  const std::string json = "{\n  \"lock_version\": 1\n}\n";
  const row rows[] = {
      {"UTF-16, lowest byte first", "\xFF\xFE" + widened(json, 2, true), errc::wrong_encoding, "UTF-16"},
      {"UTF-16, highest byte first", "\xFE\xFF" + widened(json, 2, false), errc::wrong_encoding, "UTF-16"},
      {"the same without a mark", widened(json, 2, true), errc::wrong_encoding, "iconv -f UTF-16"},
      {"and the other", widened(json, 2, false), errc::wrong_encoding, "UTF-16"},
      {"after an empty line", widened("\r\n" + json, 2, true), errc::wrong_encoding, "UTF-16"},
      {"a mark alone", "\xFF\xFE", errc::wrong_encoding, "UTF-16"},
      {"UTF-32", "\xFF\xFE\0\0"s + widened(json, 4, true), errc::wrong_encoding, "UTF-32"},
      {"UTF-32, highest byte first", "\0\0\xFE\xFF"s + widened(json, 4, false), errc::wrong_encoding,
       "UTF-32"},
      {"UTF-32 without a mark", widened(json, 4, true), errc::wrong_encoding, "UTF-32"},
      {"and the other", widened(json, 4, false), errc::wrong_encoding, "UTF-32"},
      {"a byte order mark of UTF-8", "\xEF\xBB\xBF" + json, errc::not_json, "without one"},
      {"a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n",
       errc::lfs_pointer, "git lfs pull"},
      {"an old one", "version https://hawser.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n",
       errc::lfs_pointer, "git lfs pull"},
      {"a git-annex pointer", "/annex/objects/SHA256E-s31390--f50d7ac4.lock\n", errc::lfs_pointer,
       "git annex get"},
      {"git-crypt", "\0GITCRYPT\0\x12\x34\x56"s, errc::encrypted, "git-crypt unlock"},
      {"transcrypt", "U2FsdGVkX1/x3Kq2S0OZ\n", errc::encrypted, "transcrypt"},
      {"PGP", "-----BEGIN PGP MESSAGE-----\n\nhQEM\n", errc::encrypted, "PGP"},
      {"age", "age-encryption.org/v1\n", errc::encrypted, "age"},
      {"Ansible Vault", "$ANSIBLE_VAULT;1.1;AES256\n3334\n", errc::encrypted, "Ansible"},
      {"a database", "SQLite format 3\0\x10"s, errc::not_json, "SQLite database"},
      {"gzip", "\x1F\x8B\x08\0"s, errc::not_json, "gzip"},
      {"zstd", "\x28\xB5\x2F\xFD\x04", errc::not_json, "zstd"},
      {"xz", "\xFD\x37zXZ\0\0\x04"s, errc::not_json, "xz"},
      {"zip", "PK\x03\x04\x14", errc::not_json, "zip"},
      {"what a power cut leaves", std::string(4096, '\0'), errc::not_json, "nothing but NUL bytes"},
      {"one NUL", "\0"s, errc::not_json, "nothing but NUL bytes"},
  };
  for (const row& one : rows) {
    const error why = refusal_of(one.text);
    EXPECT_EQ(why.code(), one.code) << one.what << ": " << why.message();
    EXPECT_EQ(why.position(), (text_position{1, 1})) << one.what << ": " << why.message();
    EXPECT_TRUE(why.message().starts_with("the/path:1:1: ")) << why.message();
    EXPECT_NE(why.message().find(one.says), std::string::npos) << one.what << ": " << why.message();
  }
}

TEST(ForeignText, WhatOnlyLooksLikeItIsASyntaxError) {
  for (const std::string& text : {"\0{}"s, "{\0}"s, "{}\0\0\0\0"s, "{\"a\":\0\0\0\0}"s, "version 1\n"s,
                                  "\0GITCRYPT"s, "{\"version https://git-lfs\n"s, "PKZIP"s}) {
    EXPECT_EQ(refusal_of(text).code(), errc::not_json) << text;
  }
}

/// A document in which two branches disagree, with marks of so many characters.
struct conflict_text {
  std::size_t size;
  std::string newline = "\n";
  bool labels = true;
  bool with_base = false;

  [[nodiscard]] std::string mark(char c, std::string_view label) const {
    std::string line(size, c);
    if (labels && c != '=') line.append(" ").append(label);
    return line + newline;
  }
  [[nodiscard]] std::string text() const {
    return "{" + newline + "  \"lock_version\": 1," + newline + mark('<', "HEAD") + "  \"a\": 1" + newline +
           (with_base ? mark('|', "parent of 1234 (a change)") + "  \"a\": 0" + newline : "") +
           mark('=', "") + "  \"a\": 2" + newline + mark('>', "other") + "}" + newline;
  }
};

TEST(ConflictMarks, OfAnyLengthThatGitWritesAreFound) {
  for (std::size_t size = 1; size <= 100; size = size < 20 ? size + 1 : 5 * size) {
    for (const std::string newline : {"\n", "\r\n"}) {
      for (unsigned how = 0; how < 4; ++how) {
        const conflict_text conflict{size, newline, (how & 1U) != 0, (how & 2U) != 0};
        const error why = refusal_of(conflict.text());
        EXPECT_EQ(why.code(), errc::conflict_marks) << size << ": " << why.message();
        EXPECT_EQ(why.position(), (text_position{3, 1})) << size << ": " << why.message();
      }
    }
  }
}

TEST(ConflictMarks, OneThatWasForgottenIsEnoughFromTheUsualLengthOn) {
  for (const std::size_t size : {std::size_t{7}, std::size_t{12}, std::size_t{64}}) {
    for (const char c : {'<', '|', '>'}) {
      EXPECT_EQ(refusal_of("{\n" + std::string(size, c) + " x\n}").code(), errc::conflict_marks) << size << c;
      EXPECT_EQ(refusal_of("{\n" + std::string(size, c) + "\r\n}").code(), errc::conflict_marks) << size << c;
    }
    EXPECT_EQ(refusal_of("{\n" + std::string(size, '=') + "\n}").code(), errc::conflict_marks) << size;
  }
}

TEST(ConflictMarks, AFewOfTheirCharactersMeanSomethingOnlyAsAWholeConflict) {
  for (std::size_t size = 1; size < 7; ++size) {
    const auto line = [&](char c, std::size_t n) { return std::string(n, c) + "\n"; };
    const std::vector<std::string> texts{
        "{\n" + line('<', size) + "}",
        "{\n" + line('<', size) + line('>', size) + "}",
        "{\n" + line('=', size) + line('<', size) + line('>', size) + "}",
        "{\n" + line('<', size) + line('=', size % 6 + 1) + line('>', size) + "}",
        "{\n" + line('<', size) + "x" + line('=', size) + line('>', size) + "}",
    };
    for (const std::string& text : texts)
      EXPECT_EQ(refusal_of(text).code(), errc::not_json) << text;
  }
  EXPECT_EQ(refusal_of("{\n=======x\n}").code(), errc::not_json);
  EXPECT_EQ(refusal_of("{\n<<<<<<<HEAD\n}").code(), errc::not_json);
}

TEST(ForeignText, FewCharactersAreMarksOnlyAsGitSetsThem) {
  // The second beginning is text within the conflict that the first began.
  EXPECT_EQ(refusal_of("<<< a\n<<< b\n===\n>>> c\n").code(), errc::conflict_marks);
  // Git gives the mark in the middle no label.
  EXPECT_EQ(refusal_of("<<< a\n=== b\n>>> c\n").code(), errc::not_json);
  EXPECT_EQ(refusal_of("<<<<<<<x\n=======x\n").code(), errc::not_json);
  EXPECT_EQ(refusal_of("======= b\n").code(), errc::not_json);
  EXPECT_EQ(refusal_of("===\n===\n>>> c\n").code(), errc::not_json) << "nothing begins it";
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
