#include "knowledge/git/shadow.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>

#include "knowledge/git/object_files.h"
#include "platform/base/home.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

// What a git child may allocate: in proportion to what there is to be read, so that a few objects made to
// unfold (deltas in a circle, trees of trees) end early, and a large history does not.
constexpr std::int64_t least_data_bytes = std::int64_t{400} << 20, data_per_packed_byte = 8;

std::int64_t data_bytes_for(const fs::path& objects) {
  std::error_code failed;
  std::int64_t packed = 0;
  for (fs::directory_iterator at(objects / "pack", failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code odd;
    auto size = at->is_regular_file(odd) ? at->file_size(odd) : 0;
    if (!odd) packed += static_cast<std::int64_t>(std::min<std::uintmax_t>(size, limits::git_data_bytes));
  }
  packed = std::min(packed, limits::git_data_bytes);
  return std::min(limits::git_data_bytes, least_data_bytes + data_per_packed_byte * packed);
}

// Windows into packs are kept small so that the memory cap holds for packs of any size.
constexpr std::string_view config_sha1 =
    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tpackedGitWindowSize = 256m\n\tpackedGitLimit = "
    "1g\n";
constexpr std::string_view config_sha256 =
    "[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tpackedGitWindowSize = 256m\n\tpackedGitLimit = "
    "1g\n"
    "[extensions]\n\tobjectFormat = sha256\n";

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
}

std::string file_content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Replaces a file in one step, and only when it differs: other processes read it meanwhile.
base::Status put_file(const fs::path& file, std::string_view content) {
  if (fs::exists(file) && file_content(file) == content) return {};
  static std::atomic<unsigned> serial{0};
  fs::path fresh = file;
  fresh += "." + std::to_string(getpid()) + "." + std::to_string(serial++);
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  std::error_code failed;
  if (out) fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, failed);
  if (out && !failed) fs::rename(fresh, file, failed);
  if (out && !failed) return {};
  fs::remove(fresh, failed);
  return base::fail(ErrorCode::unavailable, "Cannot write " + file.string() + ".",
                    "Check the free space and the rights of Mira's data folder.");
}

base::Status drop_file(const fs::path& file) {
  std::error_code failed;
  fs::remove(file, failed);
  if (!failed) return {};
  return base::fail(ErrorCode::unavailable, "Cannot remove " + file.string() + ".");
}

base::Status write_shadow(const fs::path& folder, const Repository& repository) {
  MIRA_TRY(base::make_private_folder(folder / "refs"));
  MIRA_TRY(base::make_private_folder(folder / "objects"));
  bool sha256 = repository.object_hash == base::GitHash::sha256;
  MIRA_TRY(put_file(folder / "config", sha256 ? config_sha256 : config_sha1));
  MIRA_TRY(repository.shallow.empty() ? drop_file(folder / "shallow")
                                      : put_file(folder / "shallow", repository.shallow));
  return put_file(folder / "HEAD", repository.tip.empty() ? "ref: refs/heads/main\n" : repository.tip + "\n");
}

std::string last_line(std::string_view text) {
  text = base::trim(text);
  std::size_t newline = text.rfind('\n');
  return base::display_line(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

base::Status check_outcome(const process::Outcome& outcome) {
  if (outcome.exit_code == 0 && outcome.signal == 0) return {};
  std::string said = last_line(outcome.error_output);
  if (outcome.signal != 0) said = "it was ended by signal " + std::to_string(outcome.signal);
  return base::fail(ErrorCode::failed, "git could not read this repository: " + said,
                    "Run `git fsck` in it to see what is damaged or missing.");
}

template <class T>
base::Result<T> name_missing_git(base::Result<T> result) {
  if (result || result.error().code != ErrorCode::not_found) return result;
  return base::fail(ErrorCode::unavailable, "git is not installed, so history is left out.",
                    "Install git and run `mira index`.");
}

}  // namespace

bool git_is_installed() {
  std::string path = path_variable();
  return std::ranges::any_of(base::split(path, ':'), [](std::string_view folder) {
    return access((std::string(folder) + "/git").c_str(), X_OK) == 0;
  });
}

base::Result<Shadow> Shadow::open(const workspace::Project& project, Repository repository) {
  MIRA_TRY(refuse_odd_objects(repository.objects));
  fs::path folder = project.data / "git";
  MIRA_TRY(write_shadow(folder, repository));
  return Shadow(std::move(folder), std::move(repository));
}

process::Command Shadow::command(std::vector<std::string> arguments, std::string_view input) const {
  process::Command out;
  out.argv = std::move(arguments);
  out.argv.insert(out.argv.begin(), "git");
  out.environment = {"PATH=" + path_variable(),
                     "LC_ALL=C",
                     "HOME=/nonexistent",
                     "GIT_DIR=" + folder_.string(),
                     "GIT_OBJECT_DIRECTORY=" + repository_.objects.string(),
                     "GIT_CONFIG_NOSYSTEM=1",
                     "GIT_CONFIG_GLOBAL=/dev/null",
                     "GIT_ALLOW_PROTOCOL=none",
                     "GIT_NO_LAZY_FETCH=1",
                     "GIT_NO_REPLACE_OBJECTS=1",
                     "GIT_OPTIONAL_LOCKS=0",
                     "GIT_TERMINAL_PROMPT=0"};
  out.input = input;
  out.output_bytes = limits::git_output_bytes;
  out.memory_bytes = limits::git_memory_bytes;
  out.data_bytes = data_bytes_for(repository_.objects);
  return out;
}

base::Result<std::string> Shadow::run(std::vector<std::string> arguments, base::Deadline deadline,
                                      std::string_view input) const {
  std::string output;
  MIRA_TRY(stream(std::move(arguments), deadline, input, [&](std::string_view chunk) {
    output.append(chunk);
    return true;
  }));
  return output;
}

base::Status Shadow::stream(std::vector<std::string> arguments, base::Deadline deadline,
                            std::string_view input,
                            const std::function<bool(std::string_view chunk)>& on_output) const {
  bool stopped = false;
  auto outcome = MIRA_TRY(name_missing_git(
      process::stream(command(std::move(arguments), input), deadline, [&](std::string_view chunk) {
        bool more = on_output(chunk);
        stopped = !more;
        return more;
      })));
  if (stopped) return {};
  return check_outcome(outcome);
}

}  // namespace mira::git
