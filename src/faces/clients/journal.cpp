#include "faces/clients/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "faces/clients/client.h"
#include "platform/base/hash.h"
#include "platform/base/home.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;
using nlohmann::json;

std::unexpected<base::Error> no_write(const fs::path& file) {
  return base::fail(
      base::ErrorCode::unavailable,
      fmt::format("{} cannot be written: {}", base::display_line(file.native()), std::strerror(errno)),
      "check its permissions and the room on the disk");
}

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ::fsync(descriptor) == 0;
}

void sync_folder(const fs::path& folder) {
  int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

json row_json(const JournalRow& row) {
  return {{"client", row.client}, {"file", row.file},     {"existed", row.existed},
          {"exact", row.exact},   {"backup", row.backup}, {"after_hash", row.after_hash}};
}

}  // namespace

Status replace_file(const fs::path& file, std::string_view bytes, unsigned mode) {
  std::error_code error;
  fs::path target = fs::exists(file, error) ? fs::canonical(file, error) : file;
  if (error) return no_write(file);
  if (target.has_parent_path() && !fs::exists(target.parent_path(), error))
    MIRA_TRY(base::make_private_folder(target.parent_path()));
  struct stat old{};
  bool existed = ::stat(target.c_str(), &old) == 0;
  fs::path fresh = target;
  fresh += fmt::format(".mira-{}", ::getpid());
  int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return no_write(fresh);
  bool written =
      ::fchmod(descriptor, existed ? old.st_mode & 07777 : mode) == 0 && write_whole(descriptor, bytes);
  ::close(descriptor);
  if (!written || ::rename(fresh.c_str(), target.c_str()) != 0) {
    auto failure = no_write(target);
    ::unlink(fresh.c_str());
    return failure;
  }
  sync_folder(target.parent_path());
  return {};
}

Result<Journal> Journal::read(const fs::path& folder) {
  Journal journal(folder);
  std::string text = MIRA_TRY(read_text(folder / "journal.json"));
  if (text.empty()) return journal;
  json stored = json::parse(text, nullptr, false);
  try {
    for (const json& row : stored.at("files"))
      journal.rows_.push_back({row.at("client"), row.at("file"), row.at("existed"), row.at("exact"),
                               row.at("backup"), row.at("after_hash")});
  } catch (const json::exception&) {
    return base::fail(base::ErrorCode::failed, "the journal of connected agents is damaged",
                      fmt::format("move {} away; backups stay beside it",
                                  base::display_line((folder / "journal.json").native())));
  }
  return journal;
}

JournalRow* Journal::find(const fs::path& file) {
  for (JournalRow& row : rows_)
    if (row.file == file.native()) return &row;
  return nullptr;
}

void Journal::remove(const fs::path& file) {
  std::erase_if(rows_, [&](const JournalRow& row) { return row.file == file.native(); });
}

Status Journal::keep(std::string_view bytes) const {
  MIRA_TRY(base::make_private_folder(folder_ / "backups"));
  return replace_file(folder_ / "backups" / base::content_hash(bytes), bytes, 0600);
}

Result<std::string> Journal::bytes_before(const JournalRow& row) const {
  std::string bytes = MIRA_TRY(read_text(folder_ / "backups" / row.backup));
  if (base::content_hash(bytes) != row.backup)
    return base::fail(base::ErrorCode::failed,
                      "the backup of " + base::display_line(row.file) + " is damaged");
  return bytes;
}

Status Journal::write() const {
  json files = json::array();
  for (const JournalRow& row : rows_) files.push_back(row_json(row));
  MIRA_TRY(base::make_private_folder(folder_));
  json whole{{"files", std::move(files)}};
  return replace_file(folder_ / "journal.json",
                      whole.dump(1, ' ', false, json::error_handler_t::replace) + "\n", 0600);
}

}  // namespace mira::clients
