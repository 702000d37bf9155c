#include "knowledge/git/authors.h"

#include <vector>

#include "platform/base/text.h"

namespace mira::git {
namespace {

struct AuthorRow {
  std::int64_t author_id;
  std::string name_written, email_written, name, email;
};

base::Result<std::vector<AuthorRow>> all_authors(store::Connection& index) {
  std::vector<AuthorRow> out;
  MIRA_TRY(index.each(
      "SELECT author_id, name_written, email_written, name, email FROM git_authors ORDER BY author_id",
      [&](const store::Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                       std::string(row.text(3)), std::string(row.text(4))});
      }));
  return out;
}

// Only what `git check-mailmap` can take apart again.
bool is_plain_contact(const AuthorRow& row) {
  return (row.name_written + row.email_written).find_first_of("<>\n\r") == std::string::npos;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return base::split(text, '\n');
}

base::Status store_mapping(store::Connection& index, const AuthorRow& row, std::string_view name,
                           std::string_view email) {
  std::string shown_name = base::repair_utf8(name), shown_email = base::repair_utf8(email);
  if (shown_name == row.name && shown_email == row.email) return {};
  return index.run("UPDATE git_authors SET name = ?, email = ?, person = ?, is_bot = ? WHERE author_id = ?",
                   shown_name, shown_email, person_of(shown_name, shown_email),
                   is_bot(shown_name, shown_email) ? 1 : 0, row.author_id);
}

// "Name <mail>" -> name, mail.
std::pair<std::string_view, std::string_view> contact(std::string_view line) {
  std::size_t open = line.rfind('<');
  std::size_t close = line.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {line, {}};
  return {base::trim(line.substr(0, open)), line.substr(open + 1, close - open - 1)};
}

}  // namespace

std::string person_of(std::string_view name, std::string_view email) {
  std::string_view shown = base::trim(name);
  return base::to_lower(shown.empty() ? base::trim(email) : shown);
}

bool is_bot(std::string_view name, std::string_view email) {
  std::string lower = base::to_lower(name);
  return lower.ends_with("[bot]") || lower.ends_with("-bot") ||
         lower.find("dependabot") != std::string::npos || email.find("[bot]@") != std::string_view::npos;
}

base::Result<AuthorRows> AuthorRows::load(store::Connection& index) {
  AuthorRows out;
  for (const AuthorRow& row : MIRA_TRY(all_authors(index))) {
    out.last_id_ = static_cast<std::uint32_t>(row.author_id);
    out.ids_.emplace(row.name_written + '\0' + row.email_written, out.last_id_);
  }
  return out;
}

base::Result<std::uint32_t> AuthorRows::intern(store::Connection& index, const std::string& name,
                                               const std::string& email) {
  auto [at, fresh] = ids_.try_emplace(name + '\0' + email, last_id_ + 1);
  if (!fresh) return at->second;
  ++last_id_;
  has_new_ = true;
  std::string shown_name = base::repair_utf8(name), shown_email = base::repair_utf8(email);
  MIRA_TRY(index.run(
      "INSERT INTO git_authors(author_id, name_written, email_written, name, email, person, is_bot) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      std::int64_t{last_id_}, name, email, shown_name, shown_email, person_of(shown_name, shown_email),
      is_bot(shown_name, shown_email) ? 1 : 0));
  return last_id_;
}

base::Status apply_mailmap(store::Connection& index, const Shadow& shadow, std::string_view mailmap_blob,
                           base::Deadline deadline) {
  std::vector<AuthorRow> rows = MIRA_TRY(all_authors(index));
  std::vector<const AuthorRow*> asked;
  std::string contacts;
  for (const AuthorRow& row : rows) {
    if (mailmap_blob.empty() || !is_plain_contact(row)) {
      MIRA_TRY(store_mapping(index, row, row.name_written, row.email_written));
      continue;
    }
    asked.push_back(&row);
    contacts += row.name_written + " <" + row.email_written + ">\n";
  }
  if (asked.empty()) return {};
  std::string output = MIRA_TRY(shadow.run({"check-mailmap", "--stdin"}, deadline, contacts));
  auto lines = lines_of(output);
  if (lines.size() != asked.size()) {
    return base::fail(base::ErrorCode::failed, "git could not apply the .mailmap of HEAD.");
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto [name, email] = contact(lines[i]);
    MIRA_TRY(store_mapping(index, *asked[i], name, email));
  }
  return {};
}

}  // namespace mira::git
