#include "knowledge/documents/document.h"

#include <gmock/gmock.h>
#include <zip.h>

#include <map>

namespace mira::documents {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// "place: text" of every section that says something.
std::vector<std::string> said(const Document& document) {
  std::vector<std::string> out;
  for (const Section& section : document.sections) {
    std::string text = section.text;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    while (!text.empty() && text.front() == '\n') text.erase(0, 1);
    if (!text.empty()) out.push_back(section.place + ": " + text);
  }
  return out;
}

std::string zipped(const std::map<std::string, std::string>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : files)
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, content.data(), content.size(), 0),
                 ZIP_FL_OVERWRITE);
  zip_close(zip);
  std::string out;
  zip_source_open(target);
  char buffer[65536];
  for (zip_int64_t got = 0; (got = zip_source_read(target, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<std::size_t>(got));
  zip_source_close(target);
  zip_source_free(target);
  zip_error_fini(&error);
  return out;
}

TEST(Kinds, AreToldByTheEndOfTheName) {
  EXPECT_EQ(kind_of("a/README.MD"), Kind::markdown);
  EXPECT_EQ(kind_of("spec.docx"), Kind::docx);
  EXPECT_FALSE(kind_of("a.cpp").has_value());
}

TEST(ReadMarkdown, SectionsHaveThePathOfTheirHeadings) {
  auto document =
      read_markdown("Intro\n# Setup\nInstall it.\n## Tests ##\nRun them.\n# Use\n```\n# no heading\n```\n");
  EXPECT_EQ(document.title, "Setup");
  EXPECT_THAT(said(document), ElementsAre(": Intro", "Setup: Install it.", "Setup > Tests: Run them.",
                                          "Use: ```\n# no heading\n```"));
}

TEST(ReadHtml, KeepsWhatIsReadAndDropsWhatRuns) {
  auto document = read_html(
      "<html><head><title>A &amp; B</title><style>p{}</style></head><body><h1>One</h1><p>First &#8212; "
      "text.</p>"
      "<script>alert('<p>x</p>')</script><h2>Two</h2><ul><li>a</li><li>b</li></ul><!-- gone --></body>");
  EXPECT_EQ(document.title, "A & B");
  EXPECT_THAT(said(document).at(0), HasSubstr("One: First — text."));
  EXPECT_THAT(said(document).at(1), HasSubstr("One > Two: - a"));
  for (const std::string& section : said(document)) {
    EXPECT_THAT(section, Not(HasSubstr("alert")));
    EXPECT_THAT(section, Not(HasSubstr("gone")));
  }
}

TEST(ReadHtml, TakesAnyBytes) {
  for (const char* text : {"<", "<h1", "</", "<!--", "&", "&#;", "&#xFFFFFFFF;", "<script>", "<title>"}) {
    EXPECT_FALSE(read_html(text).failed) << text;
  }
}

TEST(ReadArchive, Docx) {
  std::string bytes = zipped({{"word/document.xml",
                               "<w:document xmlns:w='x'><w:body><w:p><w:pPr><w:pStyle "
                               "w:val='Heading1'/></w:pPr><w:r><w:t>Backups</w:t></w:r></w:p>"
                               "<w:p><w:r><w:t>Kept for </w:t></w:r><w:r><w:t>30 days.</w:t></w:r></w:p>"
                               "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></"
                               "w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
                               "</w:body></w:document>"}});
  auto document = read_document(Kind::docx, bytes);
  EXPECT_FALSE(document.failed) << document.missing;
  EXPECT_THAT(said(document), ElementsAre("Backups: Kept for 30 days.\n\na | b"));
}

TEST(ReadArchive, Pptx) {
  std::string slide =
      "<p:sld xmlns:p='x' "
      "xmlns:a='y'><a:p><a:r><a:t>Title</a:t></a:r></a:p><a:p><a:r><a:t>Point</a:t></a:r></a:p></p:sld>";
  auto document = read_document(
      Kind::pptx, zipped({{"ppt/slides/slide2.xml", slide}, {"ppt/slides/slide10.xml", slide}}));
  EXPECT_THAT(said(document), ElementsAre("slide 2: Title\nPoint", "slide 10: Title\nPoint"));
}

TEST(ReadArchive, Xlsx) {
  auto document = read_document(
      Kind::xlsx, zipped({{"xl/workbook.xml", "<workbook><sheets><sheet name='Prices'/></sheets></workbook>"},
                          {"xl/sharedStrings.xml", "<sst><si><t>Item</t></si><si><t>Cost</t></si></sst>"},
                          {"xl/worksheets/sheet1.xml",
                           "<worksheet><sheetData><row><c t='s'><v>0</v></c><c "
                           "t='s'><v>1</v></c></row><row><c><v>7</v></c></row></sheetData></worksheet>"}}));
  EXPECT_THAT(said(document), ElementsAre("sheet Prices: Item | Cost\n7"));
}

TEST(ReadArchive, Epub) {
  auto document = read_document(
      Kind::epub, zipped({{"META-INF/container.xml",
                           "<container><rootfiles><rootfile full-path='O/p.opf'/></rootfiles></container>"},
                          {"O/p.opf",
                           "<package><metadata><dc:title>Book</dc:title></metadata><manifest><item id='b' "
                           "href='two.xhtml'/><item id='a' href='one.xhtml'/></manifest>"
                           "<spine><itemref idref='a'/><itemref idref='b'/></spine></package>"},
                          {"O/one.xhtml", "<h1>One</h1><p>first</p>"},
                          {"O/two.xhtml", "<h1>Two</h1><p>second</p>"}}));
  EXPECT_EQ(document.title, "Book");
  ASSERT_EQ(said(document).size(), 2U);
  EXPECT_THAT(said(document)[0], HasSubstr("One: "));
  EXPECT_THAT(said(document)[1], HasSubstr("second"));
}

TEST(ReadArchive, ABombIsNotUnpacked) {
  auto document =
      read_document(Kind::docx, zipped({{"word/document.xml", std::string(entry_bytes + 10, ' ')}}));
  EXPECT_TRUE(document.failed);
  EXPECT_NE(document.missing, "");
}

TEST(ReadArchive, WhatIsNoArchiveFailsWithItsReason) {
  for (Kind kind : {Kind::docx, Kind::pptx, Kind::xlsx, Kind::epub}) {
    auto document = read_document(kind, "PK no archive");
    EXPECT_TRUE(document.failed);
    EXPECT_NE(document.missing, "");
  }
}

TEST(Chunks, KeepTheirSizeAndTheirPlace) {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "Sentence number " + std::to_string(i) + " says a little about the store.\n\n";
  auto chunks =
      chunks_of({.title = "", .sections = {{"A", text}, {"B", "Short."}}, .missing = "", .failed = false});
  ASSERT_GT(chunks.size(), 2U);
  for (const Chunk& chunk : chunks) EXPECT_LE(chunk.content.size(), 1500U);
  EXPECT_EQ(chunks.back().place, "B");
  EXPECT_EQ(chunks.back().content, "Short.");
}

TEST(Worker, AnswersWithTheDocument) {
  auto document = decode(handle_request(request(Kind::markdown, "# T\ntext\n")));
  EXPECT_EQ(document.title, "T");
  EXPECT_TRUE(decode(handle_request("")).failed);
  EXPECT_TRUE(decode("nonsense").failed);
}

}  // namespace
}  // namespace mira::documents
