// Connecting and disconnecting agents: plans (client.h) applied to files so that every
// other byte stays, shown before they are written, and undone exactly. Each file we
// change has a row in a journal beside our data: its bytes before, the hash after. If
// the hash still holds, disconnect gives the old bytes back; if somebody has written
// since, only what is ours goes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "faces/clients/client.h"

namespace mira::clients {

// One file, before and after.
struct FileEdit {
  std::filesystem::path file;
  bool existed = false;
  std::string before, after;
  bool exact = true;     // undoing: the bytes of before we came, not a cut
  bool removes = false;  // the file goes: we made it
  std::string client;
};

// What connecting would change; nothing is written. Files that would stay as they are left out.
// failed: a file does not parse, or an entry "mira" of another origin stands there.
base::Result<std::vector<FileEdit>> plan_connect(const ClientRow& client, const Plan& plan);
// What disconnecting would change. `journal` is the folder that keeps it.
base::Result<std::vector<FileEdit>> plan_disconnect(const ClientRow& client, const Plan& plan,
                                                    const std::filesystem::path& journal);

// Writes the edits, each through a new file with the old one's mode, and notes them in the journal.
base::Status write_connect(const std::vector<FileEdit>& edits, const std::filesystem::path& journal);
base::Status write_disconnect(const std::vector<FileEdit>& edits, const std::filesystem::path& journal);

// How much of a plan stands in the files now.
enum class Standing { none, part, whole };
base::Result<Standing> standing(const Plan& plan);

// A unified difference of one file, for people.
std::string difference(const FileEdit& edit);

}  // namespace mira::clients
