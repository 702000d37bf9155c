// For tests of this folder: a CodeWorld whose findings are brought up to date too.
#pragma once

#include "knowledge/code/code_world.h"
#include "knowledge/code/semantics/feature.h"

namespace mira::semantics {

class SemanticWorld : public code::CodeWorld {
 public:
  SemanticWorld(std::initializer_list<File> files) : SemanticWorld(Files(files)) {}
  explicit SemanticWorld(const Files& files, contracts::OpenAnalyst open_analyst = nullptr)
      : CodeWorld(files), feature_(semantics::feature(std::move(open_analyst))) {
    std::filesystem::path folder = root().parent_path();
    std::vector<store::Schema> schemas{code::feature().schema, feature_.schema};
    auto migrated =
        store::migrate(index(), folder / "index.db", schemas, store::Which::index, folder / "backups", 1);
    EXPECT_TRUE(migrated) << (migrated ? "" : migrated.error().message);
    // A home of its own: what writes to one must start after its tables are there.
    std::filesystem::path main = folder / "semantics-main.db";
    main_.emplace(*store::Connection::open(main, {}));
    EXPECT_TRUE(store::migrate(*main_, main, schemas, store::Which::main, folder / "backups", 1));
    writer_ = store::Writer::start(*store::Connection::open(main, {}));
    find();
  }

  // Everything up to date: files, calls, findings.
  contracts::UpdateReport update() {
    refresh();
    return find();
  }
  contracts::UpdateReport find() {
    base::QuietProgress progress;
    auto report = feature_.indexer->update(session(), progress, base::Deadline::never());
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    return report.value_or(contracts::UpdateReport{});
  }
  bool findings_are_stale() {
    auto stale = feature_.indexer->is_stale(session(), base::Deadline::never());
    return stale.value_or(true);
  }

  base::Result<contracts::Reply> run(const std::string& name, const contracts::Json& given) {
    contracts::Registry registry;
    for (const contracts::Action& action : feature_.actions) {
      if (action.name != name) continue;
      auto arguments = contracts::check_arguments(action, given);
      if (!arguments) return std::unexpected(arguments.error());
      base::QuietProgress progress;
      contracts::Session& open = session();
      contracts::Session with_home{.home = open.home,
                                   .project = open.project,
                                   .tree = open.tree,
                                   .index = open.index,
                                   .main = *main_,
                                   .main_writer = *writer_,
                                   .clock = open.clock};
      contracts::Call call{
          .arguments = *arguments, .session = &with_home, .progress = progress, .registry = registry};
      return action.handle(call);
    }
    return base::fail(base::ErrorCode::usage, "no such action");
  }

  // What a person is shown of a reply.
  std::string shown(const std::string& name, const contracts::Reply& reply) {
    for (const contracts::Action& action : feature_.actions) {
      if (action.name == name) return action.render(reply, {});
    }
    return "";
  }

  // "builder Query" of every pattern, in order of place.
  std::vector<std::string> patterns() {
    std::vector<std::string> out;
    auto reply = run("patterns", {{"all", true}, {"limit", 1000}});
    EXPECT_TRUE(reply);
    if (!reply) return out;
    for (const auto& one : reply->data["patterns"])
      out.push_back(one["type"].get<std::string>() + " " + one["name"].get<std::string>());
    return out;
  }
  // "role name" of the members of the only pattern of a type.
  std::vector<std::string> members(const std::string& type) {
    std::vector<std::string> out;
    auto reply = run("patterns", {{"type", type}});
    EXPECT_TRUE(reply && reply->data["patterns"].size() == 1);
    if (!reply || reply->data["patterns"].size() != 1) return out;
    for (const auto& one : reply->data["patterns"][0]["members"])
      out.push_back(one["role"].get<std::string>() + " " + one["name"].get<std::string>());
    return out;
  }
  // "dead_code a.py f" of every open issue.
  std::vector<std::string> issues() {
    std::vector<std::string> out;
    base::Status read = index().each(
        "SELECT issue_type, path, element FROM code_quality_issues WHERE resolved_ms IS NULL ORDER BY path, "
        "element, issue_type",
        [&](const store::Row& row) {
          out.push_back(fmt::format("{} {} {}", row.text(0), row.text(1), row.text(2)));
        });
    EXPECT_TRUE(read);
    return out;
  }
  // Every finding without ids and times.
  std::vector<std::string> findings() {
    std::vector<std::string> out = issues();
    base::Status read = index().each(
        "SELECT p.pattern_type, p.path, p.pattern_name, p.line, p.evidence, m.role, m.name, m.line FROM "
        "design_patterns p"
        " LEFT JOIN design_pattern_members m USING(pattern_id)",
        [&](const store::Row& row) {
          out.push_back(fmt::format("{} {} {} {} {} {} {} {}", row.text(0), row.text(1), row.text(2),
                                    row.integer(3), row.text(4), row.text(5), row.text(6), row.integer(7)));
        });
    EXPECT_TRUE(read);
    read =
        index().each("SELECT manifest, name, requirement, scope, resolved, line FROM declared_dependencies",
                     [&](const store::Row& row) {
                       out.push_back(fmt::format("{} {} {} {} {} {}", row.text(0), row.text(1), row.text(2),
                                                 row.text(3), row.text(4), row.integer(5)));
                     });
    EXPECT_TRUE(read);
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  contracts::Feature feature_;
  std::optional<store::Connection> main_;
  std::unique_ptr<store::Writer> writer_;
};

}  // namespace mira::semantics
