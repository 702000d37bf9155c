#include <malloc.h>

#include "app/app.h"

namespace {

// A question takes a tenth of a second and allocates in waves. Memory that is given back between two of them
// is asked for again page by page: a fifth of the time that the kernel spends on an answer
// (`bench/figures.py`).
void keep_freed_memory() {
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  return mira::app::run(argc, argv);
}
