#include "knowledge/git/ownership_rows.h"

#include <charconv>

namespace mira::git {
namespace {

std::unexpected<base::Error> damaged() {
  return base::fail(base::ErrorCode::failed, "The stored line owners are damaged.",
                    "Delete the project's index.db; `mira index` makes it again.");
}

// The numbers of a loss in the order they are stored.
template <class Loss, class Visit>
void each_number(Loss& loss, Visit visit) {
  visit(loss.origin), visit(loss.code), visit(loss.other), visit(loss.back);
  for (auto& near : loss.near) visit(near);
}

// "path NUL" then "numbers NUL" a commit, an empty field ends the file.
std::string encode_losses(const std::vector<LineLoss>& losses) {
  std::string out;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    bool new_file = i == 0 || losses[i].path != losses[i - 1].path;
    if (new_file && i > 0) out += '\0';
    if (new_file) out += losses[i].path + '\0';
    each_number(losses[i], [&](std::uint32_t number) { out += std::to_string(number) + ' '; });
    out.back() = '\0';
  }
  return out;
}

bool decode_loss(std::string_view text, LineLoss& loss) {
  bool good = true;
  each_number(loss, [&](std::uint32_t& number) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    good = good && error == std::errc();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  });
  return good && text.empty();
}

bool decode_losses(std::string_view bytes, std::vector<LineLoss>& out) {
  std::string_view path;
  bool want_path = true;
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) return false;
    std::string_view field = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (want_path) {
      path = field;
      want_path = false;
    } else if (field.empty()) {
      want_path = true;
    } else {
      out.push_back({std::string(path)});
      if (!decode_loss(field, out.back())) return false;
    }
  }
  return true;
}

}  // namespace

base::Result<std::optional<OwnedFile>> load_owners(store::Connection& index, std::string_view path) {
  std::optional<OwnedFile> out;
  bool good = true;
  MIRA_TRY(index.each(
      "SELECT blob, runs FROM blame_annotations WHERE path = ?",
      [&](const store::Row& row) {
        out.emplace();
        out->blob = row.text(0);
        good = decode_runs(row.blob(1), out->runs);
      },
      path));
  if (!good) return damaged();
  return out;
}

base::Status each_owned_file(store::Connection& index,
                             const std::function<void(std::string_view path, const LineRuns&)>& file) {
  bool good = true;
  LineRuns runs;
  MIRA_TRY(index.each("SELECT path, runs FROM blame_annotations ORDER BY path", [&](const store::Row& row) {
    good = decode_runs(row.blob(1), runs);
    if (good) file(row.text(0), runs);
    return good;
  }));
  if (!good) return damaged();
  return {};
}

base::Result<std::unordered_map<std::string, std::string>> stored_blobs(store::Connection& index) {
  std::unordered_map<std::string, std::string> out;
  MIRA_TRY(index.each("SELECT path, blob FROM blame_annotations",
                      [&](const store::Row& row) { out.emplace(row.text(0), row.text(1)); }));
  return out;
}

base::Status store_owners(store::Connection& index, const std::string& path, const std::string& blob,
                          const LineRuns& runs) {
  return index.run("INSERT OR REPLACE INTO blame_annotations(path, blob, lines, runs) VALUES (?, ?, ?, ?)",
                   path, blob, line_count(runs), store::Blob{encode_runs(runs)});
}

base::Status drop_owners(store::Connection& index, const std::string& path) {
  return index.run("DELETE FROM blame_annotations WHERE path = ?", path);
}

base::Status store_losses(store::Connection& index, std::int64_t commit_id,
                          const std::vector<LineLoss>& losses) {
  return index.run("INSERT OR REPLACE INTO git_line_losses(commit_id, losses) VALUES (?, ?)", commit_id,
                   store::Blob{encode_losses(losses)});
}

base::Result<std::vector<LineLoss>> losses_of(store::Connection& index, std::int64_t commit_id) {
  std::vector<LineLoss> out;
  bool good = true;
  MIRA_TRY(index.each(
      "SELECT losses FROM git_line_losses WHERE commit_id = ?",
      [&](const store::Row& row) { good = decode_losses(row.blob(0), out); }, commit_id));
  if (!good) return damaged();
  return out;
}

base::Status clear_ownership(store::Connection& index) {
  MIRA_TRY(index.run("DELETE FROM blame_annotations"));
  MIRA_TRY(index.run("DELETE FROM git_line_losses"));
  return index.run("DELETE FROM git_ownership_state");
}

base::Result<CommitIds> commit_ids(store::Connection& index) {
  CommitIds out;
  MIRA_TRY(index.each("SELECT commit_id, hash FROM git_commits", [&](const store::Row& row) {
    out.emplace(hash_from_hex(row.text(1)), static_cast<std::uint32_t>(row.integer(0)));
  }));
  return out;
}

}  // namespace mira::git
