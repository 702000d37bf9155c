// How a program behaves that was treated badly: it ends by itself, what it prints is
// valid UTF-8 that steers no terminal, and a failure comes with words.
#pragma once

#include <gtest/gtest.h>

#include "tests/hostile/hostile_trees.h"
#include "tests/support/run_mira.h"

namespace mira::hostile {

inline void expect_civil(const support::Ran& ran) {
  EXPECT_FALSE(ran.hung);
  EXPECT_EQ(ran.signal, 0);
  EXPECT_TRUE(is_harmless(ran.out)) << ran.out.substr(0, 2000);
  EXPECT_TRUE(is_harmless(ran.err)) << ran.err.substr(0, 2000);
  if (ran.exit_code != 0) {
    EXPECT_NE(ran.err + ran.out, "") << "exit code " << ran.exit_code;
  }
}

}  // namespace mira::hostile
