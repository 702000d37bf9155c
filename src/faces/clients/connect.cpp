#include "faces/clients/connect.h"

#include <fmt/format.h>

#include <algorithm>

#include "faces/clients/apply.h"
#include "faces/clients/journal.h"
#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

// The files of a plan, each once, in order.
std::vector<fs::path> files_of(const Plan& plan) {
  std::vector<fs::path> out;
  for (const Change& change : plan.changes)
    if (std::ranges::find(out, change.file) == out.end()) out.push_back(change.file);
  return out;
}

bool is_there(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error);
}

base::Error at_file(const fs::path& file, base::Error error) {
  error.message = base::display_line(file.native()) + ": " + error.message;
  if (error.hint.empty()) error.hint = "the file was not touched";
  return error;
}

using Apply = Result<std::string> (*)(const Change&, std::string_view);

Result<std::string> apply_all(const Plan& plan, const fs::path& file, std::string text, Apply apply) {
  for (const Change& change : plan.changes) {
    if (change.file != file) continue;
    auto next = apply(change, text);
    if (!next) return std::unexpected(at_file(file, next.error()));
    text = std::move(*next);
  }
  return text;
}

Status check_unchanged(const FileEdit& edit) {
  if (is_there(edit.file) == edit.existed && MIRA_TRY(read_text(edit.file)) == edit.before) return {};
  return base::fail(base::ErrorCode::locked,
                    base::display_line(edit.file.native()) + " was written meanwhile", "try again");
}

void note(Journal& journal, const FileEdit& edit) {
  std::string after = base::content_hash(edit.after);
  if (JournalRow* row = journal.find(edit.file)) {
    // Ours on top of ours still leads back; on top of somebody else's edit it does not.
    row->exact = row->exact && row->after_hash == base::content_hash(edit.before);
    row->after_hash = after;
    return;
  }
  journal.add({edit.client, edit.file.native(), edit.existed, true, base::content_hash(edit.before), after});
}

bool holds_nothing(std::string_view text) {
  std::string_view rest = base::trim(text);
  return rest.empty() || rest == "{}";
}

}  // namespace

Result<std::vector<FileEdit>> plan_connect(const ClientRow& client, const Plan& plan) {
  std::vector<FileEdit> out;
  for (const fs::path& file : files_of(plan)) {
    FileEdit edit{.file = file, .existed = is_there(file), .client = std::string(client.name)};
    edit.before = MIRA_TRY(read_text(file));
    edit.after = MIRA_TRY(apply_all(plan, file, edit.before, put_in));
    if (edit.after != edit.before) out.push_back(std::move(edit));
  }
  return out;
}

Result<std::vector<FileEdit>> plan_disconnect(const ClientRow& client, const Plan& plan,
                                              const fs::path& folder) {
  Journal journal = MIRA_TRY(Journal::read(folder));
  std::vector<FileEdit> out;
  for (const fs::path& file : files_of(plan)) {
    FileEdit edit{.file = file, .existed = is_there(file), .client = std::string(client.name)};
    if (!edit.existed) continue;
    edit.before = MIRA_TRY(read_text(file));
    const JournalRow* row = journal.find(file);
    edit.exact = row != nullptr && row->exact && row->after_hash == base::content_hash(edit.before);
    if (edit.exact)
      edit.after = MIRA_TRY(journal.bytes_before(*row));
    else
      edit.after = MIRA_TRY(apply_all(plan, file, edit.before, take_out));
    edit.removes = row != nullptr && !row->existed && holds_nothing(edit.after);
    if (edit.after != edit.before) out.push_back(std::move(edit));
  }
  return out;
}

Status write_connect(const std::vector<FileEdit>& edits, const fs::path& folder) {
  Journal journal = MIRA_TRY(Journal::read(folder));
  for (const FileEdit& edit : edits) {
    MIRA_TRY(check_unchanged(edit));
    if (journal.find(edit.file) == nullptr) MIRA_TRY(journal.keep(edit.before));
    note(journal, edit);
    MIRA_TRY(journal.write());  // first: a file that we changed is never without a way back
    MIRA_TRY(replace_file(edit.file, edit.after, 0600));
  }
  return {};
}

Status write_disconnect(const std::vector<FileEdit>& edits, const fs::path& folder) {
  Journal journal = MIRA_TRY(Journal::read(folder));
  for (const FileEdit& edit : edits) {
    MIRA_TRY(check_unchanged(edit));
    std::error_code error;
    if (edit.removes)
      fs::remove(edit.file, error);
    else
      MIRA_TRY(replace_file(edit.file, edit.after, 0600));
    if (error)
      return base::fail(base::ErrorCode::unavailable,
                        base::display_line(edit.file.native()) + " cannot be removed");
    journal.remove(edit.file);
    MIRA_TRY(journal.write());
  }
  return {};
}

Result<Standing> standing(const Plan& plan) {
  std::size_t there = 0;
  for (const Change& change : plan.changes) {
    std::string text = MIRA_TRY(read_text(change.file));
    auto put = put_in(change, text);
    if (put && *put == text && !text.empty()) ++there;
  }
  if (there == 0) return Standing::none;
  return there == plan.changes.size() ? Standing::whole : Standing::part;
}

}  // namespace mira::clients
