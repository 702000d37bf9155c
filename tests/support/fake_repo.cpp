#include "tests/support/fake_repo.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace mira::support {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string pattern = (fs::temp_directory_path() / "mira_fake_repo_XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return fs::canonical(pattern);
}

void write_bytes(const fs::path& file, std::string_view content) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string read_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// Runs argv with standard streams on files of `folder`; files cannot fill up as pipes do.
int run_program(std::vector<std::string> argv, std::vector<std::string> environment, const fs::path& folder) {
  std::string in = folder / "stdin", out = folder / "stdout", err = folder / "stderr";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  int failed = posix_spawnp(&child, argv[0].c_str(), &actions, nullptr, pointers(argv).data(),
                            pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error(std::string("cannot start git: ") + std::strerror(failed));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

FakeRepo::FakeRepo(Objects objects) : folder_(make_folder()), root_(folder_ / "repo") {
  fs::create_directories(root_);
  git({"init", "-q", "-b", "main",
       objects == Objects::sha256 ? "--object-format=sha256" : "--object-format=sha1", "."});
}

FakeRepo::~FakeRepo() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void FakeRepo::write(std::string_view path, std::string_view content) {
  write_bytes(root_ / path, content);
}

void FakeRepo::remove(std::string_view path) {
  fs::remove_all(root_ / path);
}

void FakeRepo::rename(std::string_view from, std::string_view to) {
  fs::create_directories((root_ / to).parent_path());
  fs::rename(root_ / from, root_ / to);
}

std::string FakeRepo::commit(std::string_view message) {
  FakeCommit change;
  change.message = message;
  return commit(change);
}

std::string FakeRepo::commit(const FakeCommit& change) {
  for (const auto& [from, to] : change.renames) rename(from, to);
  for (const auto& path : change.removed) remove(path);
  for (const auto& [path, content] : change.files) write(path, content);
  author_ = change.author;
  now_s_ = change.time_s != 0 ? change.time_s : now_s_ + 3600;
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-F", "-"},
      change.message);
  return head();
}

void FakeRepo::branch(std::string_view name) {
  git({"checkout", "-q", "-b", std::string(name)});
}

void FakeRepo::checkout(std::string_view name) {
  git({"checkout", "-q", std::string(name)});
}

std::string FakeRepo::merge(std::string_view name) {
  now_s_ += 3600;
  std::string branch(name);
  git({"merge", "-q", "--no-ff", "-X", "ours", "-m", "Merge " + branch, branch});
  return head();
}

void FakeRepo::reset(std::string_view revision) {
  git({"reset", "-q", "--hard", std::string(revision)});
}

void FakeRepo::import(std::string_view fast_import_stream) {
  git({"fast-import", "--quiet", "--force"}, fast_import_stream);
  git({"reset", "-q", "--hard", "main"});
}

std::string FakeRepo::git(const std::vector<std::string>& arguments, std::string_view input) {
  std::vector<std::string> argv = {"git", "-C", root_.string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  std::size_t mail = author_.find('<');
  std::string name = author_.substr(0, mail > 0 ? mail - 1 : 0);
  std::string address = author_.substr(mail + 1, author_.size() - mail - 2);
  std::string date = std::to_string(now_s_) + " +0000";
  const char* path = std::getenv("PATH");
  std::vector<std::string> environment = {
      "PATH=" + std::string(path != nullptr ? path : "/usr/bin:/bin"),
      "HOME=" + folder_.string(),
      "LC_ALL=C",
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_TERMINAL_PROMPT=0",
      "GIT_AUTHOR_NAME=" + name,
      "GIT_AUTHOR_EMAIL=" + address,
      "GIT_AUTHOR_DATE=" + date,
      "GIT_COMMITTER_NAME=" + name,
      "GIT_COMMITTER_EMAIL=" + address,
      "GIT_COMMITTER_DATE=" + date,
  };
  write_bytes(folder_ / "stdin", input);
  int code = run_program(argv, environment, folder_);
  if (code != 0) {
    std::string command;
    for (const std::string& word : arguments) command += " " + word;
    throw std::runtime_error("git" + command + " exited " + std::to_string(code) + ": " +
                             read_bytes(folder_ / "stderr"));
  }
  std::string output = read_bytes(folder_ / "stdout");
  if (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

}  // namespace mira::support
