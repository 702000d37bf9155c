#include "app/app.h"

int main(int argc, char** argv) {
  return mira::app::run(argc, argv);
}
