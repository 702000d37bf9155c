#include "knowledge/code/parse_worker.h"

#include "knowledge/code/extract.h"

namespace mira::code {

// One byte of length, the language's name, then the file as it is.
std::string parse_request(std::string_view language, std::string_view bytes) {
  std::string frame;
  frame.reserve(1 + language.size() + bytes.size());
  frame += static_cast<char>(language.size() & 0xff);
  frame += language.substr(0, 0xff);
  frame += bytes;
  return frame;
}

std::string handle_parse(std::string_view frame) {
  std::size_t name_bytes = frame.empty() ? 0 : static_cast<unsigned char>(frame[0]);
  if (frame.size() < name_bytes + 1) {
    Facts facts;
    facts.state = ParseState::failed;
    return encode(facts);
  }
  return encode(extract(frame.substr(1 + name_bytes), frame.substr(1, name_bytes)));
}

}  // namespace mira::code
