#include "tests/hostile/crafted_pack.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "tests/hostile/hostile_trees.h"

namespace mira::hostile {
namespace {

constexpr std::size_t id_bytes = 20;
constexpr std::size_t stored_block = 65535;

std::string big_endian(std::uint32_t value) {
  std::string out(4, '\0');
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
  return out;
}

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

// A zlib stream of blocks that are only stored.
std::string stored(std::string_view body) {
  std::string out = "\x78\x01";
  std::size_t at = 0;
  do {
    std::size_t count = std::min(stored_block, body.size() - at);
    bool last = at + count == body.size();
    for (std::size_t byte : {std::size_t{last}, count & 255, count >> 8, ~count & 255, ~count >> 8 & 255}) {
      out += static_cast<char>(byte);
    }
    out += body.substr(at, count);
    at += count;
  } while (at < body.size());
  std::uint32_t low = 1, high = 0;
  for (unsigned char c : body) {
    low = (low + c) % 65521;
    high = (high + low) % 65521;
  }
  return out + big_endian(high << 16 | low);
}

std::string size_of_delta(std::uint64_t value) {
  std::string out;
  for (; value >= 128; value >>= 7) out += static_cast<char>(value | 128);
  return out + static_cast<char>(value);
}

std::string header(PackedObject::Kind kind, std::uint64_t size) {
  std::string out(1, static_cast<char>(static_cast<unsigned>(kind) << 4 | (size & 15)));
  for (size >>= 4; size > 0; size >>= 7) {
    out.back() = static_cast<char>(out.back() | 128);
    out += static_cast<char>(size & 127);
  }
  return out;
}

// The distance back to a base, as offset deltas write it.
std::string distance(std::uint64_t back) {
  std::string out(1, static_cast<char>(back & 127));
  while ((back >>= 7) != 0) out.insert(out.begin(), static_cast<char>(128 | (--back & 127)));
  return out;
}

std::string entry(const PackedObject& object) {
  std::string out = header(object.kind, object.claimed_size != 0 ? object.claimed_size : object.body.size());
  if (object.kind == PackedObject::Kind::reference_delta) out += from_hex(object.base);
  if (object.kind == PackedObject::Kind::offset_delta) out += distance(object.back);
  return out + stored(object.body);
}

std::string index_of(const std::vector<PackedObject>& objects, const std::vector<std::uint32_t>& offsets,
                     const std::string& checksum) {
  std::string out = "\377tOc" + big_endian(2);
  std::array<std::uint32_t, 256> upto{};
  for (const PackedObject& object : objects) ++upto[static_cast<unsigned char>(from_hex(object.id)[0])];
  std::partial_sum(upto.begin(), upto.end(), upto.begin());
  for (std::uint32_t count : upto) out += big_endian(count);
  for (const PackedObject& object : objects) out += from_hex(object.id);
  out += std::string(4 * objects.size(), '\0');
  for (std::uint32_t offset : offsets) out += big_endian(offset);
  return out + checksum + checksum;
}

}  // namespace

std::string delta(std::uint64_t base_size, std::string_view more) {
  std::string out = size_of_delta(base_size) + size_of_delta(base_size + more.size());
  if (base_size > 0) {
    out += '\xf0';  // copy from the start: three bytes of size
    for (int i = 0; i < 3; ++i) out += static_cast<char>(base_size >> (8 * i));
  }
  if (!more.empty()) out += static_cast<char>(more.size());
  return out + std::string(more);
}

std::string made_up_id(unsigned number) {
  std::array<char, 41> text{};
  std::snprintf(text.data(), text.size(), "%08x%032x", number * 2654435761U, number + 1);
  return text.data();
}

void write_pack(const std::filesystem::path& git_dir, std::vector<PackedObject> objects) {
  std::vector<std::pair<std::string, std::uint32_t>> order;
  std::string pack = "PACK" + big_endian(2) + big_endian(static_cast<std::uint32_t>(objects.size()));
  for (const PackedObject& object : objects) {
    order.emplace_back(object.id, static_cast<std::uint32_t>(pack.size()));
    pack += entry(object);
  }
  std::string checksum(id_bytes, '\x11');
  std::ranges::sort(order);
  std::ranges::sort(objects, {}, &PackedObject::id);
  std::vector<std::uint32_t> offsets;
  for (const auto& [id, offset] : order) offsets.push_back(offset);
  std::filesystem::create_directories(git_dir / "objects/pack");
  write_file(git_dir / "objects/pack/pack-crafted.pack", pack + checksum);
  write_file(git_dir / "objects/pack/pack-crafted.idx", index_of(objects, offsets, checksum));
}

}  // namespace mira::hostile
