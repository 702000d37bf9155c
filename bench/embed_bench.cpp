// What the embedding model takes, in CPU time of one thread. usage: mira_embed_bench MODEL.embed
// With "ids", "vectors" or "questions" behind it, it reads texts that end with NUL and prints the numbers of
// their words, or writes their vectors as little-endian floats, as passages or as questions: what a
// comparison with other programs needs.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <iterator>
#include <string>

#include "platform/embed/encoder.h"
#include "platform/embed/wordpiece.h"

namespace {

using namespace mira::embed;

double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure(const ModelFile& model, std::size_t tokens) {
  std::vector<std::int32_t> numbers(tokens);
  for (std::size_t i = 0; i < tokens; ++i)
    numbers[i] = static_cast<std::int32_t>((1000 + i * 7919) % model.record().words);
  encode(model, numbers);
  std::vector<double> took;
  for (std::size_t i = 0; i < std::max<std::size_t>(20, 4000 / tokens); ++i) {
    double start = cpu_ms();
    encode(model, numbers);
    took.push_back(cpu_ms() - start);
  }
  std::sort(took.begin(), took.end());
  double median = took[took.size() / 2];
  std::printf("%zu tokens: %.2f ms median, %.2f ms p95, %.0f tokens a CPU second (%s)\n", tokens, median,
              took[took.size() * 95 / 100], static_cast<double>(tokens) / median * 1000, kernels().name);
}

void answer(const ModelFile& model, const std::string& what) {
  std::string all((std::istreambuf_iterator<char>(std::cin)), {});
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = std::min(all.find('\0', at), all.size());
    std::string text = all.substr(at, end - at);
    at = end + 1;
    if (what != "ids") {
      auto numbers = what == "questions" ? encode_question(model, text) : encode_passage(model, text);
      std::fwrite(numbers.data(), sizeof(float), numbers.size(), stdout);
      continue;
    }
    auto windows =
        tokenize(model, "", text, model.record().positions, 1);  // must outlive the loop over its first
    for (std::int32_t number : windows.front()) std::printf("%d ", number);
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("usage: mira_embed_bench MODEL.embed [ids | vectors | questions]\n");
    return 2;
  }
  auto model = ModelFile::open(argv[1]);
  if (!model) {
    std::printf("%s\n", model.error().message.c_str());
    return 1;
  }
  if (argc > 2) {
    answer(**model, argv[2]);
    return 0;
  }
  for (std::size_t tokens : {20, 64, 128, 256}) measure(**model, tokens);
  return 0;
}
