#include "kept_access.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace agentslock {
namespace {

constexpr unsigned old_owner = 1001;
constexpr unsigned writer = 1002;
constexpr unsigned named_user = 1003;
constexpr unsigned another_user = 1004;
constexpr unsigned old_group = 2001;
constexpr unsigned writers_group = 2002;
constexpr unsigned named_group = 2003;

struct entry {
  unsigned tag;
  unsigned rights;
  unsigned id = 0xFFFFFFFF;
};

std::string to_list(const std::vector<entry>& entries) {
  std::string list("\2\0\0\0", 4);
  for (const entry& one : entries) {
    list += static_cast<char>(one.tag);
    list += '\0';
    list += static_cast<char>(one.rights);
    list += '\0';
    for (unsigned shift = 0; shift < 32; shift += 8)
      list += static_cast<char>(one.id >> shift & 0xFF);
  }
  return list;
}

/// The list of a file of which one user and one group are named.
std::string list_of(unsigned owner, unsigned user, unsigned group, unsigned other_group, unsigned mask,
                    unsigned others) {
  return to_list({{0x01, owner},
                  {0x02, user, named_user},
                  {0x04, group},
                  {0x08, other_group, named_group},
                  {0x10, mask},
                  {0x20, others}});
}

struct row {
  const char* what;
  unsigned before;
  taken_over taken;
  unsigned after;
};

constexpr taken_over all_taken{};
constexpr taken_over no_owner{false, true, true};
constexpr taken_over no_group{true, false, true};
constexpr taken_over neither{false, false, true};

// clang-format off
constexpr row rows[] = {
    {"all is kept",                                            06755, all_taken, 06755},
    {"the old group's right to write goes",                    00664, no_group,  00644},
    {"and its right to read, which the others have not",       00640, no_group,  00600},
    {"what all have stays",                                    00666, no_group,  00666},
    {"a group that was denied is not let in among the others", 00604, no_group,  00600},
    {"nor with half of its rights",                            00646, no_group,  00644},
    {"the old owner is one of the group",                      00460, no_owner,  00440},
    {"or of the others",                                       00004, no_owner,  00000},
    {"an owner with all rights loses those that others lack",  00664, no_owner,  00664},
    {"both",                                                   00476, neither,   00444},
    {"set-id bits go with the owner",                          06775, no_owner,  00775},
    {"and with the group",                                     06775, no_group,  00755},
    {"the sticky bit says nothing about rights",               01664, neither,   01644},
};
// clang-format on

TEST(KeptAccess, WhatCantBeKeptGoes) {
  for (const row& one : rows) {
    const file_access kept = access_to_keep({one.before, {}}, one.taken);
    EXPECT_EQ(kept.mode, one.after) << one.what << std::oct << ": " << kept.mode;
    EXPECT_EQ(kept.access_list, "") << one.what;
  }
}

TEST(KeptAccess, AListIsKeptWhereItCanBe) {
  const file_access old{0664, list_of(6, 4, 6, 6, 6, 4)};
  EXPECT_EQ(access_to_keep(old, all_taken), old);
  EXPECT_EQ(access_to_keep(old, no_owner), old) << "the old owner had all that the others have";
  EXPECT_EQ(access_to_keep(old, no_group), (file_access{0664, list_of(6, 4, 4, 6, 6, 4)}));
  EXPECT_EQ(access_to_keep({0464, list_of(4, 4, 6, 6, 6, 6)}, no_owner),
            (file_access{0444, list_of(4, 4, 6, 6, 4, 4)}))
      << "the mask limits the group";
}

TEST(KeptAccess, WithoutItsListNobodyKeepsWhatItDeniedToSomebody) {
  const taken_over no_list{true, true, false};
  EXPECT_EQ(access_to_keep({0664, list_of(6, 4, 6, 6, 6, 4)}, no_list), (file_access{0644, {}}));
  EXPECT_EQ(access_to_keep({0664, list_of(6, 0, 6, 6, 6, 4)}, no_list), (file_access{0600, {}}));
  EXPECT_EQ(access_to_keep({0664, list_of(6, 6, 6, 0, 6, 4)}, no_list), (file_access{0660, {}}))
      << "who is in both groups had the rights of both";
  EXPECT_EQ(access_to_keep({0670, list_of(6, 7, 4, 7, 7, 0)}, no_list), (file_access{0640, {}}))
      << "the mode shows the mask, which is not the group's right";
}

TEST(KeptAccess, AListThatIsNotUnderstoodLeavesTheOwnerAlone) {
  for (const std::string& list : {std::string("\3\0\0\0", 4), std::string("\2\0\0", 3), std::string(9, '\2')})
    EXPECT_EQ(access_to_keep({0664, list}, no_group), (file_access{0600, {}}));
}

struct file {
  unsigned owner;
  unsigned group;
  file_access access;
};

struct user {
  unsigned id;
  std::set<unsigned> groups;
};

/// What a user may do with a file: the algorithm of acl(5), word by word.
unsigned rights_of(const user& who, const file& what) {
  const std::string& list = what.access.access_list;
  const unsigned mode = what.access.mode;
  std::vector<entry> entries;
  unsigned mask = 7;
  if (list.empty()) {
    entries = {{0x01, mode >> 6 & 7}, {0x04, mode >> 3 & 7}, {0x20, mode & 7}};
  } else {
    for (std::size_t at = 4; at < list.size(); at += 8) {
      const auto byte = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(list[at + i]));
      };
      entries.push_back({byte(0), byte(2), byte(4) | byte(5) << 8 | byte(6) << 16 | byte(7) << 24});
      if (byte(0) == 0x10) mask = byte(2);
    }
  }
  for (const entry& one : entries) {
    if (one.tag == 0x01 && who.id == what.owner) return one.rights;
    if (one.tag == 0x02 && who.id == one.id) return one.rights & mask;
  }
  bool in_a_group = false;
  unsigned of_groups = 0;
  for (const entry& one : entries) {
    const bool owning = one.tag == 0x04 && who.groups.contains(what.group);
    const bool named = one.tag == 0x08 && who.groups.contains(one.id);
    if (!owning && !named) continue;
    in_a_group = true;
    of_groups |= one.rights & mask;
  }
  return in_a_group ? of_groups : entries.back().rights;
}

std::vector<user> every_user() {
  std::vector<user> users;
  for (const unsigned id : {old_owner, writer, named_user, another_user}) {
    for (unsigned in = 0; in < 8; ++in) {
      user who{id, {}};
      if ((in & 1U) != 0) who.groups.insert(old_group);
      if ((in & 2U) != 0) who.groups.insert(writers_group);
      if ((in & 4U) != 0) who.groups.insert(named_group);
      users.push_back(who);
    }
  }
  return users;
}

/// Whether nobody but the owner of the new file has a right that he had not to the old one, whatever could be kept.
void expect_that_nobody_gains(const file_access& old) {
  static const std::vector<user> users = every_user();
  const file before{old_owner, old_group, old};
  for (unsigned kept = 0; kept < 8; ++kept) {
    const taken_over taken{(kept & 1U) != 0, (kept & 2U) != 0, (kept & 4U) != 0};
    const file after{taken.owner ? old_owner : writer, taken.group ? old_group : writers_group,
                     access_to_keep(old, taken)};
    if (!taken.access_list) {
      ASSERT_EQ(after.access.access_list, "");
    }
    for (const user& who : users) {
      if (who.id == after.owner) continue;
      const unsigned gained = rights_of(who, after) & ~rights_of(who, before);
      ASSERT_EQ(gained, 0U) << "user " << who.id << " gains with " << std::oct << old.mode << " and " << kept;
    }
  }
}

TEST(KeptAccess, NobodyGainsARightWhateverTheModeAndWhateverIsKept) {
  for (unsigned mode = 0; mode < 01000; ++mode)
    expect_that_nobody_gains({mode, {}});
}

TEST(KeptAccess, NobodyGainsARightWhateverTheListAndWhateverIsKept) {
  const unsigned some[] = {0, 4, 2, 6};
  for (const unsigned owner : some) {
    for (const unsigned user_may : some) {
      for (const unsigned group : some) {
        for (const unsigned other_group : some) {
          for (const unsigned mask : some) {
            for (const unsigned others : some) {
              expect_that_nobody_gains({owner << 6 | mask << 3 | others,
                                        list_of(owner, user_may, group, other_group, mask, others)});
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
