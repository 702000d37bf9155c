// Every loop is closed: after one end-to-end run over a real repository each table
// of both databases has rows that the run wrote, and some action read it back. The
// program's own entry runs in this process, and SQLite's trace tells which tables
// the read-only statements of the asking actions touched.
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>

#include "app/app.h"
#include "tests/support/fake_repo.h"
#include "tests/support/model_server.h"

namespace mira {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr rlim_t worker_bytes = RLIM_INFINITY;  // a sanitizer maps terabytes: nothing is quarantined then
constexpr bool workers_die = false;
#else
constexpr rlim_t worker_bytes = 128 << 20;
constexpr bool workers_die = true;
#endif

namespace {

namespace fs = std::filesystem;

// SQL of the read-only statements that ran while `on` was set.
struct Watch {
  std::mutex mutex;
  std::set<std::string> queries;
  bool on = false;
};
Watch watch;  // SQLite's extension entry has no argument to pass it through

int on_statement(unsigned, void*, void* statement, void*) {
  auto* running = static_cast<sqlite3_stmt*>(statement);
  std::lock_guard guard(watch.mutex);
  if (watch.on && sqlite3_stmt_readonly(running) != 0) watch.queries.insert(sqlite3_sql(running));
  return 0;
}

int watch_connection(sqlite3* connection, char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, on_statement, nullptr);
}

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool names_table(const std::string& sql, const std::string& table) {
  for (std::size_t at = sql.find(table); at != std::string::npos; at = sql.find(table, at + 1)) {
    bool starts = at == 0 || !is_word_byte(sql[at - 1]);
    std::size_t end = at + table.size();
    bool ends = end == sql.size() || !is_word_byte(sql[end]);
    if (starts && ends) return true;
  }
  return false;
}

std::set<std::string> first_column(sqlite3* db, const std::string& sql) {
  std::set<std::string> out;
  auto collect = [](void* set, int, char** values, char**) {
    static_cast<std::set<std::string>*>(set)->insert(values[0]);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), collect, &out, nullptr), SQLITE_OK) << sql;
  return out;
}

// The tables that the features made: no SQLite internals, no parts of a full-text index.
std::set<std::string> tables_of(const fs::path& file, std::set<std::string>& empty) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK) << file;
  auto all =
      first_column(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  auto virtual_tables = first_column(db, "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'");
  std::set<std::string> own;
  for (const std::string& table : all) {
    bool part = std::any_of(virtual_tables.begin(), virtual_tables.end(),
                            [&](const std::string& whole) { return table.starts_with(whole + "_"); });
    if (part) continue;
    own.insert(table);
    if (first_column(db, "SELECT 1 FROM \"" + table + "\" LIMIT 1").empty()) empty.insert(table);
  }
  sqlite3_close(db);
  return own;
}

// The program's own entry; returns the exit code.
int run(std::vector<std::string> words) {
  std::vector<char*> argv;
  words.insert(words.begin(), "mira");
  for (std::string& word : words) argv.push_back(word.data());
  return app::run(static_cast<int>(argv.size()), argv.data());
}

void write_sources(support::FakeRepo& repo) {
  repo.write(".mailmap", "Ada Lovelace <ada@example.org> <ada@old.example.org>\n");
  repo.write("AGENTS.md",
             "# Rules\n\n## Login\n\nThe login code never logs a password. See @docs/style.md\n");
  repo.write("docs/style.md", "# Style\n\nShort functions.\n");
  repo.write("src/login.py",
             "import os\nfrom session import open_session\n\n\ndef check(user, password):\n    \"\"\"Checks "
             "a login.\"\"\"\n"
             "    return open_session(user)\n\n\nclass Login:\n    def run(self, user):\n"
             "        return check(user, os.getenv('P'))\n");
  repo.write("src/session.py", "def open_session(user):\n    return {'user': user}\n");
  repo.write("src/main.c", "#include <stdio.h>\n#include \"util.h\"\nint main(void) { return add(1, 2); }\n");
  repo.write("src/util.h", "int add(int a, int b);\n");
  repo.write("src/util.c", "#include \"util.h\"\nint add(int a, int b) { return a + b; }\n");
  repo.write("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['requests>=2']\n");
  repo.write("src/steps.py",
             "class Steps:\n    def __iter__(self):\n        return self\n\n    def __next__(self):\n        "
             "return 1\n");
  repo.write("src/index.js", "export { render } from 'pages';\n");
  repo.write("src/broken.js", "function half( { return [[[[ \n");
}

// A small project in which every source has something to say.
// As many commits of two files as a window of stated confidence is counted over.
void add_long_history(support::FakeRepo& repo) {
  std::string stream;
  for (int i = 0; i < 200; ++i) {
    std::string text = std::to_string(i) + "\n", data = "\ndata " + std::to_string(text.size()) + "\n" + text;
    stream += "commit refs/heads/main\ncommitter Ada <ada@example.org> " +
              std::to_string(1'710'000'000 + 60 * i) + " +0000\ndata 5\nCount\n";
    if (i == 0) stream += "from " + repo.head() + "\n";
    stream += "M 100644 inline count/a.txt" + data + "M 100644 inline count/b.txt" + data + "\n";
  }
  repo.import(stream);
}

void make_project(support::FakeRepo& repo) {
  write_sources(repo);
  repo.commit("Add login and sessions");
  for (int i = 0; i < 4; ++i) {
    std::string n = std::to_string(i);
    repo.write("src/session.py", "def open_session(user):\n    return {'user': user, 'n': " + n + "}\n");
    repo.write("src/login.py",
               "from session import open_session\n\n\ndef check(user, password):\n    return "
               "open_session(user) or " +
                   n + "\n\n\nclass Login:\n    def run(self, user):\n        return check(user, '')\n");
    repo.commit("Fix login after a restart, part " + n);
  }
  repo.rename("src/util.c", "src/arithmetic.c");
  repo.commit("Rename util to arithmetic");
  repo.branch("side");
  repo.write("src/side.py", "def side():\n    return 1\n");
  repo.commit("Add a side");
  repo.checkout("main");
  repo.write("src/other.py", "def other():\n    return 2\n");
  repo.commit("Add another");
  repo.merge("side");
  add_long_history(repo);
  repo.write(
      "src/login.py",
      "from session import open_session\n\n\ndef check(user, password):\n    return open_session(user)\n");
  repo.write("notes.txt", "remember the milk\n");
  // More than a parser has memory for, below: the worker dies on it and the content is quarantined.
  std::string dense;
  while (dense.size() < 1'900'000) dense += "f(g(h(1,2),[3,4]),{a:b});\n";
  repo.write("src/dense.js", dense);
}

// What was said about the project, kept before the questions are asked.
void tell_memory(support::FakeRepo& repo) {
  repo.write(
      "said.jsonl",
      "{\"session\":\"s1\",\"id\":\"1\",\"role\":\"user\",\"text\":\"the login fails after a restart since "
      "Tuesday\"}\n");
  EXPECT_EQ(run({"import", "--format", "messages", "said.jsonl"}), 0);
  EXPECT_EQ(run({"record", "let's keep sessions in memory", "--session", "s2"}), 0);
  EXPECT_EQ(run({"remember", "releases go out on Thursdays"}), 0);
  EXPECT_EQ(run({"documents", "add", "docs"}), 0);
  EXPECT_EQ(run({"record", "Always squash commits.", "--session", "s2"}), 0);
  EXPECT_EQ(run({"record", "Never squash commits.", "--session", "s2"}), 0);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(run({"record", "turn " + std::to_string(i) + " about the login", "--session", "s3"}), 0);
  for (const char* day : {"2024-01-01", "2024-01-02", "2024-01-03"})
    EXPECT_EQ(run({"record", "run the linter", "--session", day, "--time", day}), 0);
  EXPECT_EQ(run({"forget", "--containing", "turn 3 about", "--verify"}), 0);
}

// A build that fails, is cured, and fails so again elsewhere.
void build_red_and_green(support::FakeRepo& repo) {
  const auto check = [&](const char* log) {
    return run({"build", "run", "--summary", "--", "sh", "-c", log});
  };
  const char* script = "cat build.log; exit $(cat build.code)";
  const auto state = [&](const char* log, const char* code) {
    repo.write("build.log", log);
    repo.write("build.code", code);
  };
  state("src/main.c:3:22: error: 'lost' undeclared (first use in this function)\n", "1");
  EXPECT_EQ(check(script), 1);
  repo.write("src/main.c", "#include <stdio.h>\n#include \"util.h\"\nint main(void) { return add(1, 3); }\n");
  state("", "0");
  EXPECT_EQ(check(script), 0);
  state("src/util.h:1:2: error: 'lost' undeclared (first use in this function)\n", "1");
  EXPECT_EQ(check(script), 1);
}

void ask_about_builds() {
  EXPECT_EQ(run({"build", "runs"}), 0);
  EXPECT_EQ(run({"build", "failing"}), 0);
  EXPECT_EQ(run({"build", "explain", "lost"}), 0);
  EXPECT_EQ(run({"build", "history", "lost"}), 0);
  EXPECT_EQ(run({"build", "diff"}), 0);
}

void ask_everything(support::FakeRepo& repo) {
  // A new meaning of a name wakes those who read it: resolution reads what it stored.
  repo.write("src/session.py", "def open_session(user, host):\n    return {'user': user}\n");
  EXPECT_EQ(run({"context", "why does the login fail after a restart? see src/session.py and open_session"}),
            0);
  EXPECT_EQ(run({"search", "login"}), 0);
  EXPECT_EQ(run({"symbols", "open_session"}), 0);
  EXPECT_EQ(run({"callers", "open_session"}), 0);
  EXPECT_EQ(run({"callees", "check"}), 0);
  EXPECT_EQ(run({"impact", "open_session"}), 0);
  EXPECT_EQ(run({"concepts", "session"}), 0);
  EXPECT_EQ(run({"clusters"}), 0);
  EXPECT_EQ(run({"related", "open_session"}), 0);
  EXPECT_EQ(run({"cochange", "src/login.py"}), 0);
  EXPECT_EQ(run({"cochange", "--working"}), 0);
  EXPECT_EQ(run({"experts", "src/login.py"}), 0);
  EXPECT_EQ(run({"owners", "src"}), 0);
  EXPECT_EQ(run({"why", "src/login.py:1"}), 0);
  EXPECT_EQ(run({"hotspots"}), 0);
  EXPECT_EQ(run({"folders"}), 0);
  EXPECT_EQ(run({"history", "src/login.py"}), 0);
  EXPECT_EQ(run({"history", "restart"}), 0);
  EXPECT_EQ(run({"recall", "why does the login fail"}), 0);
  EXPECT_EQ(run({"memories"}), 0);
  EXPECT_EQ(run({"memories", "show", "1"}), 0);
  EXPECT_EQ(run({"memories", "profile"}), 0);
  EXPECT_EQ(run({"recall", "login", "--intent", "report", "--errors"}), 0);
  EXPECT_EQ(run({"documents"}), 0);
  EXPECT_EQ(run({"documents", "search", "short functions"}), 0);
  EXPECT_EQ(run({"session", "start"}), 0);
  EXPECT_EQ(run({"import", "said.jsonl"}), 0);
  EXPECT_EQ(run({"blame", "src/login.py"}), 0);
  EXPECT_EQ(run({"causes", repo.head()}), 0);
  EXPECT_EQ(run({"languages"}), 0);
  EXPECT_EQ(run({"patterns"}), 0);
  EXPECT_EQ(run({"quality"}), 0);
  EXPECT_EQ(run({"dependencies"}), 0);
  EXPECT_EQ(run({"graph", "export", "--format", "tsv"}), 0);
  EXPECT_EQ(run({"graph", "export", "--what", "symbols"}), 0);
  EXPECT_EQ(run({"graph", "export", "--what", "imports"}), 0);
  ask_about_builds();
  EXPECT_EQ(run({"models", "check"}), 0);
  EXPECT_EQ(run({"refine"}), 0);
  EXPECT_EQ(run({"related", "check"}), 0);
  EXPECT_EQ(run({"ask", "what does open_session do?", "--json"}), 0);
  EXPECT_EQ(run({"ask", "what does open_session do?", "--json"}), 0);  // from the cache
  EXPECT_EQ(run({"budget", "set", "project", "3"}), 0);
  EXPECT_EQ(run({"budget"}), 0);
  EXPECT_EQ(run({"budget", "history"}), 0);
  EXPECT_EQ(run({"status"}), 0);
  EXPECT_EQ(run({"doctor"}), 0);
}

TEST(Loops, EveryTableIsWrittenAndReadBack) {
  support::FakeRepo repo;
  make_project(repo);
  fs::path home = repo.root().parent_path() / "mira-home";
  ::setenv("MIRA_HOME", home.c_str(), 1);
  support::ModelServer models([](const support::ModelServer::Seen& seen, int number) {
    if (seen.method == "GET")  // its models, one of which has an end
      return support::status(200, R"({"data":[{"id":"test-model","shutdown_date":"2099-01-01"}]})");
    const bool describes = seen.body.contains("certainty");
    return support::always(describes ? R"({"purpose": "Starts a session.", "certainty": "high"})"
                                     : R"({"word": "ready [1]"})")(seen, number);
  });
  fs::create_directories(home / "config");
  std::ofstream(home / "config/models.json") << models.configuration().dump();
  fs::current_path(repo.root());
  ASSERT_EQ(run({"index"}), 0);
  tell_memory(repo);
  build_red_and_green(repo);
  watch.on = true;
  ask_everything(repo);
  watch.on = false;

  std::set<std::string> empty, unread;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    if (entry.path().filename() != "mira.db" && entry.path().filename() != "index.db") continue;
    for (const std::string& table : tables_of(entry.path(), empty)) {
      bool read = std::any_of(watch.queries.begin(), watch.queries.end(),
                              [&](const std::string& sql) { return names_table(sql, table); });
      if (!read) unread.insert(table);
    }
  }
  if (!workers_die) empty.erase("quarantine");
  EXPECT_THAT(empty, testing::IsEmpty()) << "tables that nothing wrote";
  EXPECT_THAT(unread, testing::IsEmpty()) << "tables that no action read";
  EXPECT_FALSE(watch.queries.empty());
}

}  // namespace
}  // namespace mira

int main(int argc, char** argv) {
  // The parse workers are this same binary; here they have little memory, so that a large file kills one.
  if (argc == 3 && std::strcmp(argv[1], "worker") == 0) {
    rlimit little{mira::worker_bytes, mira::worker_bytes};
    setrlimit(RLIMIT_AS, &little);
    return mira::app::run(argc, argv);
  }
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(mira::watch_connection));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
