// Photos and signatures, named by their content and kept in chunks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "desk/desk.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::desk {

inline constexpr std::uint64_t kMaxBlobBytes = 16 * 1024 * 1024;

struct BlobHeader {
  std::string sha256;  // of the whole, 64 hex digits
  std::string media_type;
  std::uint64_t size_bytes = 0;
};

// Takes a blob chunk by chunk and writes it at finish(): its bytes in transactions small enough not to hold up others,
// then its record, which alone makes it a blob. A crash in between leaves bytes that the next try writes again, the
// same under the same name. Not thread-safe. The same blob twice is kept once.
class BlobWriter {
 public:
  BlobWriter(Desk& desk, std::string tenant, BlobHeader header)
      : desk_(desk), tenant_(std::move(tenant)), header_(std::move(header)) {}
  Status add(std::string_view data);
  // kInvalid if size, hash or media type do not fit what came.
  Result<v1::Blob> finish();

 private:
  Status write_chunks(const std::string& name);

  Desk& desk_;
  std::string tenant_;
  BlobHeader header_;
  std::string data_;
};

// Hands out a blob's chunks in order, until the visitor says false.
Status read_blob(const store::Reader& reader, const std::string& tenant, const std::string& name,
                 const std::function<bool(std::string_view)>& visit);

}  // namespace firstfix::desk
