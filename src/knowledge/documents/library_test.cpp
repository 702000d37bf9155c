#include "knowledge/documents/library.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>

#include "platform/store/migrate.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace mira::documents {

store::Schema schema();

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LibraryTest : public testing::Test {
 protected:
  LibraryTest() {
    main_ = open();
    writer_ = store::Writer::start(std::move(*open()));
    std::filesystem::create_directories(folder_.path() / "docs");
  }
  std::unique_ptr<store::Connection> open() {
    std::filesystem::path file = folder_.path() / "mira.db";
    auto connection = std::make_unique<store::Connection>(std::move(*store::Connection::open(file, {})));
    std::array schemas{schema()};
    EXPECT_TRUE(
        store::migrate(*connection, file, schemas, store::Which::main, folder_.path() / "backups", 1));
    return connection;
  }
  contracts::Session session(const std::string& project = "one") {
    contracts::Session out{.home = {},
                           .project = {},
                           .tree = {},
                           .index = *main_,
                           .main = *main_,
                           .main_writer = *writer_,
                           .clock = clock_,
                           .notes = {},
                           .head_commit = {}};
    out.project.id = project;
    return out;
  }
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::path file = folder_.path() / "docs" / name;
    std::ofstream(file, std::ios::binary) << text;
    return file.native();
  }
  std::vector<Added> add(const std::string& path) {
    contracts::Session now = session();
    auto added = library.add(now, path, base::Deadline::never());
    EXPECT_TRUE(added.has_value()) << (added ? "" : added.error().message);
    return added.value_or(std::vector<Added>{});
  }
  void refresh() {
    contracts::Session now = session();
    EXPECT_TRUE(library.refresh(now, base::Deadline::never()).has_value());
  }
  std::vector<std::string> places(const std::vector<std::string>& words, const std::string& project = "one") {
    std::vector<std::string> out;
    auto found = find_chunks(*main_, project, words, 10);
    EXPECT_TRUE(found.has_value());
    for (const Found& one : *found) out.push_back(one.place + ": " + one.content);
    return out;
  }

  support::TemporaryFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<store::Connection> main_;
  std::unique_ptr<store::Writer> writer_;
  Library library{Where::here};
};

TEST_F(LibraryTest, ADocumentIsFoundByItsWordsAndCitedByItsHeading) {
  add(write("spec.md", "# Storage\n\n## Backups\n\nBackups are kept for thirty days.\n"));
  EXPECT_THAT(places({"backups", "kept"}),
              ElementsAre("Storage > Backups: Backups are kept for thirty days."));
  EXPECT_THAT(places({"backups"}, "two"), IsEmpty());
}

TEST_F(LibraryTest, TheSameAgainChangesNothing) {
  std::string path = write("spec.md", "# A\n\ntext\n");
  EXPECT_EQ(add(path).at(0).state, "read");
  EXPECT_EQ(add(path).at(0).state, "unchanged");
}

TEST_F(LibraryTest, AChangedFileIsReadAgainAndUnchangedPiecesKeepTheirIds) {
  std::string path = write("spec.md", "# A\n\nfirst text\n\n# B\n\nsecond text\n");
  add(path);
  auto before = main_->integer("SELECT chunk_id FROM document_chunks WHERE place = 'A'").value();
  write("spec.md", "# New\n\nat the front\n\n# A\n\nfirst text\n\n# B\n\nanother text\n");
  refresh();
  EXPECT_EQ(main_->integer("SELECT chunk_id FROM document_chunks WHERE place = 'A'").value(), before);
  EXPECT_THAT(places({"another"}), ElementsAre("B: another text"));
  EXPECT_THAT(places({"second"}), IsEmpty());
}

TEST_F(LibraryTest, AFolderGivesItsDocumentsAndNoSecretsAndNoLinks) {
  write("a.md", "# A\n\nalpha\n");
  write("b.txt", "beta\n");
  write("c.cpp", "int gamma;\n");
  write(".env.txt", "TOKEN=delta\n");
  std::filesystem::create_symlink("/etc/hostname", folder_.path() / "docs" / "link.txt");
  EXPECT_EQ(add((folder_.path() / "docs").native()).size(), 2U);
}

TEST_F(LibraryTest, SecretsAreMasked) {
  std::string token = "ghp_" + std::string("aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4");
  add(write("notes.txt", "the release token is " + token + "\n"));
  EXPECT_THAT(places({"release"}).at(0), Not(HasSubstr(token)));
}

TEST_F(LibraryTest, WhatCannotBeReadIsRefusedOrSaid) {
  contracts::Session now = session();
  EXPECT_EQ(library.add(now, (folder_.path() / "none.md").native(), base::Deadline::never()).error().code,
            base::ErrorCode::not_found);
  EXPECT_EQ(library.add(now, write("a.bin", "x"), base::Deadline::never()).error().code,
            base::ErrorCode::usage);
  EXPECT_EQ(add(write("bad.docx", "no archive")).at(0).state, "failed");
}

TEST_F(LibraryTest, ARemovedDocumentIsNoLongerFound) {
  std::string path = write("spec.md", "# A\n\nalpha\n");
  add(path);
  contracts::Session now = session();
  EXPECT_TRUE(remove_document(now, path, base::Deadline::never()).has_value());
  EXPECT_THAT(places({"alpha"}), IsEmpty());
  EXPECT_EQ(remove_document(now, path, base::Deadline::never()).error().code, base::ErrorCode::not_found);
}

TEST_F(LibraryTest, WhatFailedIsTriedAgainAndSaidAgain) {
  std::string path = write("broken.docx", "this is no archive");
  EXPECT_EQ(add(path).at(0).state, "failed");
  std::vector<Added> again = add(path);
  EXPECT_EQ(again.at(0).state, "failed") << "a file that nobody could read is not unchanged";
  EXPECT_NE(again.at(0).reason, "");
}

TEST_F(LibraryTest, DocumentsOfAnOlderVersionKeepTheirPieces) {
  std::filesystem::path file = folder_.path() / "old.db";
  store::Schema old = schema();
  old.main.resize(1);
  main_ = std::make_unique<store::Connection>(std::move(*store::Connection::open(file, {})));
  std::array first{old}, all{schema()};
  ASSERT_TRUE(store::migrate(*main_, file, first, store::Which::main, folder_.path() / "backups", 1));
  writer_ = store::Writer::start(std::move(*store::Connection::open(file, {})));
  std::string path = write("spec.md", "# A\n\nfirst text\n\n# B\n\nsecond text\n");
  EXPECT_EQ(add(path).at(0).state, "read");
  auto before = main_->integer("SELECT chunk_id FROM document_chunks WHERE place = 'B'").value();
  ASSERT_TRUE(store::migrate(*main_, file, all, store::Which::main, folder_.path() / "backups", 2));
  writer_ = store::Writer::start(std::move(*store::Connection::open(file, {})));
  EXPECT_THAT(places({"second"}), ElementsAre("B: second text"));
  EXPECT_EQ(main_->integer("SELECT chunk_id FROM document_chunks WHERE place = 'B'").value(), before);
  EXPECT_EQ(add(path).at(0).state, "unchanged");
  contracts::Session now = session();
  EXPECT_TRUE(remove_document(now, path, base::Deadline::never()).has_value());
  EXPECT_EQ(main_->integer("SELECT count(*) FROM document_chunks").value(), 0);
}

}  // namespace
}  // namespace mira::documents
