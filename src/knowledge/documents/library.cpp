#include "knowledge/documents/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/store/full_text.h"
#include "platform/workspace/read_file.h"

namespace mira::documents {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::size_t folder_files = 10'000;

struct Known {
  std::int64_t document = 0, size = 0, mtime_ns = 0;
  std::string content_hash;
  bool failed = false;
};

Result<Known> known_document(Connection& main, const std::string& project, const std::string& path) {
  Known out;
  MIRA_TRY(main.each(
      "SELECT document_id, size, mtime_ns, content_hash, state = 'failed' FROM documents WHERE project_id = ?"
      " AND path = ?",
      [&](const Row& row) {
        out = {row.integer(0), row.integer(1), row.integer(2), std::string(row.text(3)), row.integer(4) != 0};
      },
      project, store::Blob{path}));
  return out;
}

// What is written of one document.
struct Reading {
  std::string project, path, title, hash, state, reason;
  Kind kind = Kind::text;
  workspace::FileStamp stamp;
  std::vector<Chunk> chunks;
  std::int64_t now_ms = 0;
};

Status drop_chunk(Connection& main, std::int64_t chunk) {
  MIRA_TRY(main.run("DELETE FROM document_words WHERE rowid = ?", chunk));
  return main.run("DELETE FROM document_chunks WHERE chunk_id = ?", chunk);
}

Status write_chunks(Connection& main, std::int64_t document, const std::vector<Chunk>& chunks) {
  std::multimap<std::string, std::int64_t> old;  // by hash
  MIRA_TRY(main.each(
      "SELECT content_hash, chunk_id FROM document_chunks WHERE document_id = ?",
      [&](const Row& row) { old.emplace(row.text(0), row.integer(1)); }, document));
  // Out of the way first: places are unique.
  MIRA_TRY(main.run("UPDATE document_chunks SET ordinal = -ordinal WHERE document_id = ?", document));
  std::int64_t ordinal = 0;
  for (const Chunk& chunk : chunks) {
    ++ordinal;
    std::string hash = base::content_hash(chunk.place + "\n" + chunk.content);
    if (auto same = old.find(hash); same != old.end()) {
      MIRA_TRY(main.run("UPDATE document_chunks SET ordinal = ? WHERE chunk_id = ?", ordinal, same->second));
      old.erase(same);
      continue;
    }
    MIRA_TRY(
        main.run("INSERT INTO document_chunks(document_id, ordinal, place, content, content_hash) VALUES (?, "
                 "?, ?, ?, ?)",
                 document, ordinal, chunk.place, chunk.content, hash));
    MIRA_TRY(main.run("INSERT INTO document_words(rowid, place, content) VALUES (?, ?, ?)",
                      main.last_insert_id(), chunk.place, chunk.content));
  }
  for (const auto& [hash, chunk] : old) MIRA_TRY(drop_chunk(main, chunk));
  return {};
}

Status write(Connection& main, const Reading& reading) {
  MIRA_TRY(main.run(
      "INSERT INTO documents(project_id, path, kind, title, size, mtime_ns, content_hash, state, reason, "
      "added_ms)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project_id, path) DO UPDATE SET kind = "
      "excluded.kind,"
      " title = excluded.title, size = excluded.size, mtime_ns = excluded.mtime_ns,"
      " content_hash = excluded.content_hash, state = excluded.state, reason = excluded.reason",
      reading.project, store::Blob{reading.path}, kind_name(reading.kind), reading.title, reading.stamp.size,
      reading.stamp.mtime_ns, reading.hash, reading.state, reading.reason, reading.now_ms));
  Known known = MIRA_TRY(known_document(main, reading.project, reading.path));
  return write_chunks(main, known.document, reading.chunks);
}

Status remove(Connection& main, std::int64_t document) {
  std::vector<std::int64_t> chunks;
  MIRA_TRY(main.each(
      "SELECT chunk_id FROM document_chunks WHERE document_id = ?",
      [&](const Row& row) { chunks.push_back(row.integer(0)); }, document));
  for (std::int64_t chunk : chunks) MIRA_TRY(drop_chunk(main, chunk));
  return main.run("DELETE FROM documents WHERE document_id = ?", document);
}

std::vector<Chunk> masked(std::vector<Chunk> chunks) {
  for (Chunk& chunk : chunks) {
    chunk.place = guard::mask_secrets(chunk.place);
    chunk.content = guard::mask_secrets(chunk.content);
  }
  return chunks;
}

std::vector<fs::path> documents_below(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator() && out.size() < folder_files;
       at.increment(error)) {
    std::string name = at->path().filename().native();
    if (name.starts_with('.')) {
      if (at->is_directory(error)) at.disable_recursion_pending();
      continue;
    }
    bool wanted =
        at->is_regular_file(error) && !at->is_symlink(error) && kind_of(name) && !guard::is_secret_file(name);
    if (wanted) out.push_back(at->path());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

fs::path pdf_reader() {
  std::error_code error;
  fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& reader : {here / "mira-pdf", here.parent_path() / "libexec/mira/mira-pdf"}) {
    if (fs::exists(reader, error)) return reader;
  }
  return {};
}

Result<Document> Library::read(Kind kind, const std::string& bytes, base::Deadline deadline) {
  if (where_ == Where::here) return decode(handle_request(request(kind, bytes)));
  std::string program = kind == Kind::pdf ? pdf_reader().native() : "";
  if (kind == Kind::pdf && program.empty())
    return Document{.title = "", .sections = {}, .missing = std::string(no_pdf_reader), .failed = true};
  process::PoolOptions options{
      .worker_name = "documents", .program = program, .workers = 1, .job_wall_ms = read_wall_ms};
  options.memory_bytes = limits::worker_memory_bytes;
  auto pool = MIRA_TRY(process::WorkerPool::start(std::move(options)));
  Document out;
  MIRA_TRY(pool->run(
      1, [&](std::size_t) { return request(kind, bytes); },
      [&](std::size_t, const process::JobResult& result) {
        if (result.fate == process::JobFate::done) {
          out = decode(result.reply);
        } else {
          out = {.title = "",
                 .sections = {},
                 .missing = "its reader was stopped: " + result.reason,
                 .failed = true};
        }
      },
      deadline));
  return out;
}

Result<Added> Library::add_file(contracts::Session& session, const fs::path& file, base::Deadline deadline) {
  auto kind = kind_of(file.native());
  auto bytes = MIRA_TRY(workspace::read_file(file.parent_path(), file.filename().native(), document_bytes));
  Added added{.path = file.native(), .state = "unchanged", .reason = ""};
  Reading reading{.project = session.project.id,
                  .path = file.native(),
                  .hash = base::content_hash(bytes.bytes),
                  .kind = *kind,
                  .stamp = bytes.stamp,
                  .now_ms = session.clock.now_ms()};
  Known known = MIRA_TRY(known_document(session.main, reading.project, reading.path));
  bool same_stamp = known.size == reading.stamp.size && known.mtime_ns == reading.stamp.mtime_ns;
  bool is_read = known.document != 0 && !known.failed;  // what failed once may have been the moment's fault
  if (is_read && known.content_hash == reading.hash && same_stamp) return added;
  Document document = MIRA_TRY(read(*kind, bytes.bytes, deadline));
  reading.title = guard::mask_secrets(document.title.empty() ? file.filename().native() : document.title);
  reading.title = base::repair_utf8(reading.title);
  reading.state = document.failed ? "failed" : document.missing.empty() ? "read" : "partial";
  reading.reason = document.missing;
  reading.chunks = masked(chunks_of(document));
  added.state = reading.state;
  added.reason = reading.reason;
  added.chunks = reading.chunks.size();
  MIRA_TRY(
      session.main_writer.submit([reading](Connection& main) { return write(main, reading); }, deadline));
  return added;
}

Result<std::vector<Added>> Library::add(contracts::Session& session, const std::string& path,
                                        base::Deadline deadline) {
  std::error_code error;
  fs::path file = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error || !fs::exists(file, error))
    return base::fail(ErrorCode::not_found, fmt::format("{} does not exist", base::display_line(path)),
                      "give a file or a folder; `mira documents` lists what is known");
  std::vector<fs::path> files{file};
  if (fs::is_directory(file, error)) {
    files = documents_below(file);
  } else if (guard::is_secret_file(file.filename().native())) {
    return base::fail(ErrorCode::usage, fmt::format("{} looks like a file of secrets and is not read",
                                                    base::display_line(path)));
  } else if (!kind_of(file.native())) {
    return base::fail(ErrorCode::usage,
                      fmt::format("{} is of no kind that can be read", base::display_line(path)),
                      "Markdown, text, HTML, docx, pptx, xlsx, epub and PDF can");
  }
  std::vector<Added> out;
  out.reserve(files.size());
  for (const fs::path& one : files) out.push_back(MIRA_TRY(add_file(session, one, deadline)));
  return out;
}

Status Library::refresh(contracts::Session& session, base::Deadline deadline) {
  std::vector<fs::path> changed;
  std::vector<std::int64_t> gone;
  MIRA_TRY(session.main.each(
      "SELECT document_id, path, size, mtime_ns FROM documents WHERE project_id = ?",
      [&](const Row& row) {
        fs::path path{std::string(row.blob(1))};
        std::error_code error;
        auto size = fs::file_size(path, error);
        if (error) return gone.push_back(row.integer(0));
        auto written = fs::last_write_time(path, error).time_since_epoch();
        auto known = std::chrono::file_clock::from_sys(std::chrono::sys_time<std::chrono::nanoseconds>(
                                                           std::chrono::nanoseconds(row.integer(3))))
                         .time_since_epoch();
        if (static_cast<std::int64_t>(size) != row.integer(2) || written != known) changed.push_back(path);
      },
      session.project.id));
  for (const fs::path& path : changed) MIRA_TRY(add_file(session, path, deadline));
  if (gone.empty()) return {};
  return session.main_writer.submit(
      [gone](Connection& main) -> Status {
        for (std::int64_t document : gone)
          MIRA_TRY(main.run(
              "UPDATE documents SET state = 'partial', reason = 'the file is gone' WHERE document_id = ?"
              " AND reason <> 'the file is gone'",
              document));
        return {};
      },
      deadline);
}

Result<std::vector<Found>> find_chunks(Connection& main, const std::string& project,
                                       const std::vector<std::string>& words, std::int64_t limit) {
  std::vector<Found> out;
  std::string expression = store::match_expression(words, store::Combine::any);
  if (expression.empty()) return out;
  MIRA_TRY(main.each(
      "SELECT c.chunk_id, d.path, d.title, c.place, c.content, -bm25(document_words, 2.0, 1.0) FROM "
      "document_words"
      " JOIN document_chunks c ON c.chunk_id = document_words.rowid JOIN documents d USING (document_id)"
      " WHERE document_words MATCH ? AND d.project_id = ? ORDER BY bm25(document_words, 2.0, 1.0) LIMIT ?",
      [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.blob(1)), std::string(row.text(2)),
                       std::string(row.text(3)), std::string(row.text(4)), row.real(5)});
      },
      expression, project, limit));
  return out;
}

Status remove_document(contracts::Session& session, const std::string& path, base::Deadline deadline) {
  std::error_code error;
  std::string absolute = fs::weakly_canonical(fs::absolute(path, error), error).native();
  Known known = MIRA_TRY(known_document(session.main, session.project.id, absolute));
  if (known.document == 0)
    return base::fail(ErrorCode::not_found, fmt::format("{} was not added", base::display_line(path)),
                      "see: mira documents");
  std::int64_t document = known.document;
  return session.main_writer.submit([document](Connection& main) { return remove(main, document); },
                                    deadline);
}

}  // namespace mira::documents
