#include "knowledge/documents/actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/base/text.h"

namespace mira::documents {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;
using store::Row;

Result<Reply> add_now(Library& library, Call& call) {
  Reply reply;
  reply.data["documents"] = Json::array();
  for (const Json& path : call.arguments.at("paths")) {
    const std::vector<Added> all =
        MIRA_TRY(library.add(*call.session, path.get<std::string>(), call.deadline));
    const bool nothing_read =
        !all.empty() && std::ranges::all_of(all, [](const Added& one) { return one.state == "failed"; });
    if (nothing_read) reply.exit_code = 1;  // the one thing that was asked for was not done
    for (const Added& added : all) {
      reply.data["documents"].push_back({{"path", base::display_line(added.path)},
                                         {"state", added.state},
                                         {"reason", added.reason},
                                         {"chunks", added.chunks}});
      if (added.state == "failed" || added.state == "partial")
        reply.notes.push_back(fmt::format("{}: {}", base::display_line(added.path), added.reason));
    }
  }
  return reply;
}

Result<Reply> list_now(Library& library, Call& call) {
  MIRA_TRY(library.refresh(*call.session, call.deadline));
  Reply reply;
  reply.data["documents"] = Json::array();
  MIRA_TRY(call.session->main.each(
      "SELECT path, kind, title, size, state, reason, (SELECT count(*) FROM document_chunks c WHERE "
      "c.document_id ="
      " d.document_id) FROM documents d WHERE project_id = ? ORDER BY path",
      [&](const Row& row) {
        reply.data["documents"].push_back({{"path", base::display_line(row.blob(0))},
                                           {"kind", row.text(1)},
                                           {"title", row.text(2)},
                                           {"size", row.integer(3)},
                                           {"state", row.text(4)},
                                           {"reason", row.text(5)},
                                           {"chunks", row.integer(6)}});
      },
      call.session->project.id));
  return reply;
}

std::string render_list(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("documents")) {
    out += fmt::format("{:<9} {:>4} pieces  {}", one.at("state").get<std::string>(),
                       one.at("chunks").get<std::int64_t>(), one.at("path").get<std::string>());
    if (!one.at("reason").get<std::string>().empty())
      out += fmt::format("  ({})", one.at("reason").get<std::string>());
    out += '\n';
  }
  return out.empty() ? "No document was added.\n" : out;
}

std::vector<std::string> words_of(const std::string& query) {
  std::vector<std::string> out;
  for (std::string_view word : base::words(query)) {
    std::string lower = base::to_lower(word);
    if (!base::is_stop_word(lower)) out.push_back(std::move(lower));
  }
  return out;
}

Result<Reply> search_now(Library& library, Call& call) {
  MIRA_TRY(library.refresh(*call.session, call.deadline));
  auto query = call.arguments.at("query").get<std::string>();
  Reply reply;
  reply.data["results"] = Json::array();
  for (const Found& found :
       MIRA_TRY(find_chunks(call.session->main, call.session->project.id, words_of(query),
                            call.arguments.at("limit").get<std::int64_t>()))) {
    reply.data["results"].push_back({{"path", base::display_line(found.path)},
                                     {"title", found.title},
                                     {"place", found.place},
                                     {"text", found.content},
                                     {"score", found.score}});
  }
  return reply;
}

std::string render_search(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("results")) {
    std::string place = one.at("place").get<std::string>();
    out += fmt::format("{}{}\n  {}\n", one.at("path").get<std::string>(),
                       place.empty() ? "" : " (" + base::display_line(place) + ")",
                       base::display_line(base::truncate_utf8(one.at("text").get<std::string>(), 300)));
  }
  return out.empty() ? "No document says anything about it.\n" : out;
}

}  // namespace

Action add_action(const std::shared_ptr<Library>& library) {
  Action action;
  action.name = "documents add";
  action.group = "memory";
  action.summary = "Add documents to what is known of this project";
  action.description =
      "Reads Markdown, text, HTML, docx, pptx, xlsx, epub and PDF files, or all of them below a folder, in a "
      "process without "
      "network and files. Secrets are masked. A file that changes is read again when it is asked about. "
      "Adding the same "
      "again changes nothing. The exit code is 1 when nothing of one of the paths could be read.";
  action.params = {{.name = "paths",
                    .kind = ParamKind::text_list,
                    .help = "files or folders",
                    .required = true,
                    .positional = true}};
  action.examples = {{"mira documents add docs/", "every document below docs"},
                     {"mira documents add ~/spec.docx", "one file"}};
  action.data_shape =
      R"({"documents": [{"path": "/home/a/spec.docx", "state": "read" | "partial" | "failed" | "unchanged", "reason": "", "chunks": 12}]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [library](Call& call) { return add_now(*library, call); };
  action.render = render_list;
  return action;
}

Action list_action(const std::shared_ptr<Library>& library) {
  Action action;
  action.name = "documents";
  action.group = "memory";
  action.summary = "Documents that were added to this project";
  action.description = "Lists them with what was read of each. Files that changed are read again first.";
  action.params = {};
  action.examples = {{"mira documents", "what was added"}};
  action.data_shape =
      R"({"documents": [{"path": "/home/a/spec.docx", "kind": "docx", "title": "...", "size": 12034, "state": "read", "reason": "", "chunks": 12}]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [library](Call& call) { return list_now(*library, call); };
  action.render = render_list;
  return action;
}

Action search_action(const std::shared_ptr<Library>& library) {
  Action action;
  action.name = "documents search";
  action.group = "memory";
  action.summary = "What the documents of this project say about something";
  action.description = "Finds pieces of documents by their words, cited by heading, slide, sheet or page.";
  action.params = {{.name = "query", .help = "a question, or words", .required = true, .positional = true},
                   {.name = "limit",
                    .kind = ParamKind::integer,
                    .help = "how many at most",
                    .fallback = 5,
                    .minimum = 1,
                    .maximum = 100}};
  action.examples = {{"mira documents search \"retention of backups\"", "the pieces that say so"}};
  action.data_shape =
      R"({"results": [{"path": "/home/a/spec.docx", "title": "...", "place": "Storage > Backups", "text": "...", "score": 7.1}]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [library](Call& call) { return search_now(*library, call); };
  action.render = render_search;
  return action;
}

Action remove_action() {
  Action action;
  action.name = "documents remove";
  action.group = "memory";
  action.summary = "Take a document out of what is known";
  action.description = "Removes what was read of it. The file itself is not touched.";
  action.params = {
      {.name = "path", .help = "the file, as it was added", .required = true, .positional = true}};
  action.examples = {{"mira documents remove ~/spec.docx", "forget what it says"}};
  action.data_shape = R"({"removed": "/home/a/spec.docx"})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [](Call& call) -> Result<Reply> {
    auto path = call.arguments.at("path").get<std::string>();
    MIRA_TRY(remove_document(*call.session, path, call.deadline));
    return Reply{.data = {{"removed", base::display_line(path)}}};
  };
  return action;
}

}  // namespace mira::documents
