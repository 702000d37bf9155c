// Who knows a file or a folder: whose lines survive there, when they last changed it,
// whether they are still around. Not who will touch it next (experts.h): the two
// questions have different answers and are never mixed.
//
// A line belongs to who wrote it (moves and changes of white space do not count).
// Bots own nothing. Times are held against the newest commit of the history, not
// against the clock: in an old clone nobody has left.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/git/archive.h"
#include "platform/store/connection.h"

namespace mira::git {

inline constexpr int quiet_days = 180;     // without a commit anywhere in the repository
inline constexpr int departed_days = 365;  // the same

enum class Presence { active, quiet, departed };
std::string_view name_of(Presence presence);

struct Knower {
  std::uint32_t person = 0;
  std::string name, email;
  std::int64_t lines = 0;
  double share = 0;              // of the lines there
  std::int64_t last_here_s = 0;  // their newest surviving line there
  std::int64_t last_seen_s = 0;  // their newest commit anywhere
  Presence presence = Presence::active;
};

struct Knowledge {
  std::int64_t files = 0, lines = 0;
  std::vector<Knower> people;  // most lines first
  int bus_factor = 0;          // fewest people who wrote half of the lines
  double gone_share = 0;       // of lines whose writer is quiet or departed
};

// Lines by person: of one file, or of everything below a folder ("" is all). Needs replayed lines.
base::Result<Knowledge> knowledge_of(store::Connection& index, const Archive& archive, std::string_view path);
// The same for a folder and each folder directly in it, by path, in one reading.
base::Result<std::map<std::string, Knowledge>> knowledge_map(store::Connection& index, const Archive& archive,
                                                             std::string_view folder);

}  // namespace mira::git
