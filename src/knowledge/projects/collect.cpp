#include "knowledge/projects/collect.h"

#include <fmt/format.h>

#include <deque>
#include <set>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::projects {
namespace {

std::string parent_folder(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

struct Pending {
  std::string path, folder, imported_by;
  int depth = 0;                 // imports that led here
  workspace::FileStamp stamp{};  // as the walk saw it; nothing for imports
};

class Collector {
 public:
  Collector(const contracts::Session& session, base::Deadline deadline)
      : session_(session), deadline_(deadline) {}

  Collected run() {
    std::string folder;
    for (const workspace::File& file : session_.tree.files) {
      if (!file.symlink && guideline_folder(file.path, folder))
        enqueue({file.path, folder, "", 0, file.stamp});
    }
    while (!queue_.empty() && !deadline_.expired()) {
      Pending next = std::move(queue_.front());
      queue_.pop_front();
      read(next);
    }
    if (!queue_.empty())
      out_.notes.push_back(fmt::format("{} guideline files were not read in time", queue_.size()));
    return std::move(out_);
  }

 private:
  bool enqueue(Pending pending) {
    if (known_.contains(pending.path)) return true;
    if (known_.size() == guideline_files) return false;
    known_.insert(pending.path);
    queue_.push_back(std::move(pending));
    return true;
  }

  void read(const Pending& pending) {
    Guideline guideline{.path = pending.path, .folder = pending.folder, .imported_by = pending.imported_by};
    auto file = workspace::read_file(session_.project.root, pending.path, guideline_bytes);
    if (!file) {  // kept without its words, so that it is not tried again before it changes
      out_.notes.push_back(fmt::format("guideline {} was not read: {}", base::display_line(pending.path),
                                       file.error().message));
      guideline.stamp = pending.stamp;
      out_.guidelines.push_back(std::move(guideline));
      return;
    }
    guideline.content_hash = base::content_hash(file->bytes);
    guideline.stamp = file->stamp;
    if (!workspace::looks_binary(file->bytes)) {
      GuidelineText text = read_guideline(guard::mask_secrets(base::repair_utf8(file->bytes)));
      guideline.sections = std::move(text.sections);
      for (const Import& import : text.imports) guideline.imports.push_back(follow(import, pending));
    }
    out_.guidelines.push_back(std::move(guideline));
  }

  FollowedImport follow(const Import& import, const Pending& from) {
    FollowedImport out{import, resolve_import(parent_folder(from.path), import.written),
                       ImportState::outside};
    if (out.target.empty()) return out;
    if (guard::is_secret_file(out.target)) {
      out.state = ImportState::refused;
    } else if (!readable(out.target)) {
      out.state = ImportState::missing;
    } else if (from.depth >= import_depth && !known_.contains(out.target)) {
      out.state = ImportState::too_deep;
    } else {
      bool room = enqueue({out.target, from.folder, from.path, from.depth + 1, {}});
      out.state = room ? ImportState::imported : ImportState::refused;
    }
    return out;
  }

  // A regular file beneath the root that no link leads to.
  bool readable(const std::string& path) const {
    return workspace::read_file(session_.project.root, path, guideline_bytes).has_value();
  }

  const contracts::Session& session_;
  base::Deadline deadline_;
  std::set<std::string> known_;
  std::deque<Pending> queue_;
  Collected out_;
};

}  // namespace

std::string_view import_state_name(ImportState state) {
  switch (state) {
    case ImportState::imported:
      return "imported";
    case ImportState::missing:
      return "missing";
    case ImportState::outside:
      return "outside";
    case ImportState::too_deep:
      return "too_deep";
    case ImportState::refused:
      return "refused";
  }
  return "refused";
}

std::string resolve_import(std::string_view folder, std::string_view written) {
  if (written.empty() || written.starts_with('/') || written.starts_with('~')) return "";
  std::vector<std::string> parts;
  for (std::string_view from : {folder, written}) {
    for (std::string_view part : base::split(from, '/')) {
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.emplace_back(part);
      } else if (parts.empty()) {
        return "";
      } else {
        parts.pop_back();
      }
    }
  }
  return base::join(parts, "/");
}

Collected collect_guidelines(const contracts::Session& session, base::Deadline deadline) {
  return Collector(session, deadline).run();
}

}  // namespace mira::projects
