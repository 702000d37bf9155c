#include "knowledge/code/indexer.h"

#include <fmt/format.h>
#include <algorithm>

#include "knowledge/code/indexer_parse.h"
#include "knowledge/code/indexer_read.h"
#include "knowledge/code/indexer_store.h"
#include "knowledge/code/resolve.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Session;
using contracts::UpdateReport;

constexpr std::size_t chunk_files = 256;
constexpr std::int64_t chunk_bytes = 16 << 20;

struct KnownFile {
  std::string path;
  std::string content_hash;
  workspace::FileStamp stamp;
};

struct Difference {
  std::vector<const workspace::File*> to_read;
  std::vector<std::string> known_hash;  // of each file to read, "" when new
  std::vector<std::string> gone;
  std::int64_t unchanged = 0;
  bool any() const { return !to_read.empty() || !gone.empty(); }
};

base::Result<std::vector<KnownFile>> known_files(store::Connection& index) {
  std::vector<KnownFile> out;
  MIRA_TRY(index.each(
      "SELECT path, content_hash, size, mtime_ns, ctime_ns, inode FROM repository_files ORDER BY path",
      [&](const store::Row& row) {
        out.push_back(
            {std::string(row.text(0)),
             std::string(row.text(1)),
             {row.integer(2), row.integer(3), row.integer(4), static_cast<std::uint64_t>(row.integer(5))}});
      }));
  return out;
}

// Both lists are sorted by path.
Difference compare(const workspace::Tree& tree, const std::vector<KnownFile>& known) {
  Difference out;
  auto old = known.begin();
  auto drop_until = [&](std::string_view path) {
    for (; old != known.end() && old->path < path; ++old)
      if (!tree.partial) out.gone.push_back(old->path);
  };
  for (const workspace::File& file : tree.files) {
    if (file.symlink) continue;
    drop_until(file.path);
    bool same_path = old != known.end() && old->path == file.path;
    if (same_path && old->stamp == file.stamp) {
      ++out.unchanged;
    } else {
      out.to_read.push_back(&file);
      out.known_hash.push_back(same_path ? old->content_hash : "");
    }
    if (same_path) ++old;
  }
  for (; old != known.end(); ++old)
    if (!tree.partial) out.gone.push_back(old->path);
  return out;
}

// Of what is stored: the form of facts, and what the languages' extractors put into them.
constexpr int stored_version = extractor_version * 100 + extraction_revision;

base::Result<bool> versions_match(store::Connection& index) {
  bool match = false;
  MIRA_TRY(index.each("SELECT extractor, resolver FROM code_versions", [&](const store::Row& row) {
    match = row.integer(0) == stored_version && row.integer(1) == resolver_version;
  }));
  return match;
}

// Another extractor read these files, or another resolver joined them: all of it is due again.
base::Status take_over(store::Connection& index) {
  if (MIRA_TRY(versions_match(index))) return {};
  return index.transaction([&]() -> base::Status {
    auto extractor = MIRA_TRY(index.integer("SELECT extractor FROM code_versions"));
    if (extractor.value_or(stored_version) != stored_version)
      MIRA_TRY(index.run("UPDATE repository_files SET content_hash = '', ctime_ns = 0"));
    MIRA_TRY(index.run("UPDATE repository_files SET resolved = 0"));
    MIRA_TRY(index.run("DELETE FROM code_versions"));
    return index.run("INSERT INTO code_versions(extractor, resolver) VALUES (?,?)", stored_version,
                     resolver_version);
  });
}

class CodeIndexer : public contracts::Indexer {
 public:
  explicit CodeIndexer(Parsing parsing) : parsing_(parsing) {}
  std::string_view name() const override { return "code"; }

  base::Result<bool> is_stale(Session& session, base::Deadline) override {
    if (!MIRA_TRY(versions_match(session.index))) return true;
    std::vector<KnownFile> known = MIRA_TRY(known_files(session.index));
    if (compare(session.tree, known).any()) return true;
    auto pending =
        MIRA_TRY(session.index.integer("SELECT 1 FROM repository_files WHERE resolved = 0 LIMIT 1"));
    return pending.has_value();
  }

  base::Result<UpdateReport> update(Session& session, base::Progress& progress,
                                    base::Deadline deadline) override {
    MIRA_TRY(take_over(session.index));
    std::vector<KnownFile> known = MIRA_TRY(known_files(session.index));
    Difference difference = compare(session.tree, known);
    UpdateReport report{.unchanged = difference.unchanged, .unit = "files"};
    MIRA_TRY(remove_gone(session, difference, report));
    MIRA_TRY(read_changed(session, difference, report, progress, deadline));
    MIRA_TRY(resolve_pending(session.index, progress, deadline));
    MIRA_TRY(note_limits(session, report));
    return report;
  }

 private:
  base::Status remove_gone(Session& session, const Difference& difference, UpdateReport& report) {
    if (difference.gone.empty()) return {};
    return session.index.transaction([&]() -> base::Status {
      Wakening wakening(session.index);
      for (const std::string& path : difference.gone) MIRA_TRY(remove_file(session.index, path, wakening));
      report.removed += std::ssize(difference.gone);
      return wakening.mark_readers();
    });
  }

  base::Status read_changed(Session& session, const Difference& difference, UpdateReport& report,
                            base::Progress& progress, base::Deadline deadline) {
    Parser parser(parsing_ == Parsing::in_workers);
    std::size_t total = difference.to_read.size();
    for (std::size_t at = 0; at < total;) {
      if (deadline.expired())
        return base::fail(
            base::ErrorCode::timeout,
            fmt::format("the index is not up to date: {} files are still to be read", total - at),
            "run `mira index`, it goes on from here");
      std::size_t end = chunk_end(difference, at);
      base::Status stored = session.index.transaction(
          [&] { return read_chunk(session, difference, at, end, parser, report, deadline); });
      if (!stored) return stored;
      at = end;
      progress.update("reading files", static_cast<std::int64_t>(at), static_cast<std::int64_t>(total),
                      "files");
    }
    return {};
  }

  static std::size_t chunk_end(const Difference& difference, std::size_t at) {
    std::int64_t bytes = 0;
    std::size_t end = at;
    while (end < difference.to_read.size() && end - at < chunk_files && bytes < chunk_bytes)
      bytes += difference.to_read[end++]->stamp.size;
    return end;
  }

  base::Status read_chunk(Session& session, const Difference& difference, std::size_t begin, std::size_t end,
                          Parser& parser, UpdateReport& report, base::Deadline deadline) {
    Wakening wakening(session.index);
    std::vector<FileRead> changed;
    std::vector<bool> is_new;
    for (std::size_t i = begin; i < end; ++i) {
      const std::string& hash = difference.known_hash[i];
      FileRead read =
          read_for_index(session.project.root, *difference.to_read[i], hash, session.clock.now_ms());
      if (read.vanished) {
        MIRA_TRY(remove_file(session.index, read.record.path, wakening));
      } else if (read.record.content_hash == hash) {
        MIRA_TRY(store_stamp(session.index, read.record.path, read.record.stamp));
        ++report.unchanged;
      } else {
        changed.push_back(std::move(read));
        ++(hash.empty() ? report.added : report.changed);
      }
    }
    MIRA_TRY(parser.parse(session.index, changed, session.clock.now_ms(), deadline));
    for (FileRead& read : changed) {
      MIRA_TRY(store_file(session.index, read.record, wakening));
      read.record = {};
    }
    return wakening.mark_readers();
  }

  static base::Status note_limits(Session& session, UpdateReport& report) {
    return session.index.each(
        "SELECT parse_state, count(*) FROM repository_files WHERE parse_state IN "
        "('too_large','quarantined','failed')"
        " GROUP BY parse_state ORDER BY parse_state",
        [&](const store::Row& row) {
          std::string_view state = row.text(0);
          std::string_view what = state == "too_large"     ? "too large to be parsed"
                                  : state == "quarantined" ? "quarantined: they killed the parser"
                                                           : "not parsed: nested too deep, or not readable";
          report.notes.push_back(fmt::format("{} files are {}", row.integer(1), what));
        });
  }

  Parsing parsing_;
};

}  // namespace

std::unique_ptr<contracts::Indexer> make_indexer(Parsing parsing) {
  return std::make_unique<CodeIndexer>(parsing);
}

}  // namespace mira::code
