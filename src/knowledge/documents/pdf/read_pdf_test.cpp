#include "knowledge/documents/pdf/read_pdf.h"

#include <gmock/gmock.h>

#include "knowledge/documents/pdf_for_tests.h"

namespace mira::documents {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(Pdf, EachPageIsAPlace) {
  Document read =
      read_pdf(pdf_of({"Retention of backups is ninety days.", "Keys are rotated in March."}, "Handbook"));
  EXPECT_FALSE(read.failed) << read.missing;
  EXPECT_EQ(read.title, "Handbook");
  ASSERT_THAT(read.sections, SizeIs(2));
  EXPECT_EQ(read.sections[0].place, "page 1");
  EXPECT_THAT(read.sections[0].text, HasSubstr("Retention of backups is ninety days."));
  EXPECT_EQ(read.sections[1].place, "page 2");
  EXPECT_THAT(read.sections[1].text, HasSubstr("Keys are rotated in March."));
  EXPECT_EQ(read.missing, "");
}
TEST(Pdf, APageWithoutTextIsSaid) {
  Document read = read_pdf(pdf_of({"One.", "", "Three."}, ""));
  EXPECT_FALSE(read.failed);
  ASSERT_THAT(read.sections, SizeIs(2));
  EXPECT_EQ(read.sections[1].place, "page 3");
  EXPECT_THAT(read.missing, HasSubstr("1 of 3 pages hold no text"));
}
TEST(Pdf, WhatIsNoneOrCutIsSaid) {
  EXPECT_TRUE(read_pdf("").failed);
  EXPECT_TRUE(read_pdf("%PDF-1.4\nnothing").failed);
  EXPECT_TRUE(read_pdf("just text").failed);
  std::string whole = pdf_of({"A page of some words."}, "T");
  for (std::size_t length = 0; length < whole.size(); length += 37) {
    Document read = read_pdf(std::string_view(whole).substr(0, length));
    EXPECT_TRUE(!read.failed || !read.missing.empty()) << length;
  }
}
TEST(Pdf, TheAnswersOfTheWorkerAreThoseOfDocuments) {
  Document read = decode(handle_pdf_request(request(Kind::pdf, pdf_of({"Some words."}, ""))));
  EXPECT_FALSE(read.failed);
  EXPECT_EQ(read.sections.at(0).place, "page 1");
  EXPECT_TRUE(decode(handle_pdf_request(request(Kind::docx, "x"))).failed);
  EXPECT_TRUE(decode(handle_pdf_request("")).failed);
}

}  // namespace
}  // namespace mira::documents
