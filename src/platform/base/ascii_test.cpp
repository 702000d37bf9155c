#include "platform/base/ascii.h"

#include <gtest/gtest.h>

#include <string>

namespace mira::base {
namespace {

std::string bytes_for_which(bool (*holds)(char)) {
  std::string out;
  for (int byte = 0; byte < 256; ++byte)
    if (holds(static_cast<char>(byte))) out += static_cast<char>(byte);
  return out;
}

TEST(Ascii, EveryByteIsWhatItIsInAnyLocale) {
  const std::string digits = "0123456789", upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    lower = "abcdefghijklmnopqrstuvwxyz";
  std::string high;
  for (int byte = 128; byte < 256; ++byte) high += static_cast<char>(byte);
  EXPECT_EQ(bytes_for_which(is_digit), digits);
  EXPECT_EQ(bytes_for_which(is_upper), upper);
  EXPECT_EQ(bytes_for_which(is_lower), lower);
  EXPECT_EQ(bytes_for_which(is_letter), upper + lower);
  EXPECT_EQ(bytes_for_which(starts_name), upper + "_" + lower + high);
  EXPECT_EQ(bytes_for_which(is_name_byte), digits + upper + "_" + lower + high);
}

}  // namespace
}  // namespace mira::base
