#include "knowledge/documents/feature.h"

#include "knowledge/documents/actions.h"
#include "knowledge/documents/source.h"

namespace mira::documents {

store::Schema schema();

contracts::Feature feature() {
  contracts::Feature out;
  auto library = std::make_shared<Library>(Where::worker);
  out.name = "documents";
  out.schema = schema();
  out.sources.push_back(chunks_source());
  out.actions.push_back(add_action(library));
  out.actions.push_back(list_action(library));
  out.actions.push_back(search_action(library));
  out.actions.push_back(remove_action());
  out.workers.push_back({"documents", handle_request});
  out.checks.emplace_back([](contracts::Session&) -> std::vector<contracts::Finding> {
    if (!pdf_reader().empty()) return {};
    return {{contracts::Health::warning, "documents", std::string(no_pdf_reader),
             "install libpoppler-cpp-dev and build Mira again; other documents are read without it"}};
  });
  out.facts = [](contracts::Session& session) -> base::Result<contracts::Json> {
    auto count = MIRA_TRY(
        session.main.integer("SELECT count(*) FROM documents WHERE project_id = ?", session.project.id));
    return contracts::Json{{"documents", count.value_or(0)}};
  };
  return out;
}

}  // namespace mira::documents
