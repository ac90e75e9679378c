#include "desk/blobs.h"

#include <openssl/sha.h>

#include <algorithm>

#include "casework/convert.h"
#include "visit/answer.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024, kBytesAtOnce = 4 * 1024 * 1024;
constexpr std::size_t kMaxAddBytes = 1024 * 1024;
constexpr std::string_view kMediaTypes[] = {"image/jpeg", "image/png", "image/webp", "image/svg+xml"};

std::string hex_sha256(std::string_view data) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), hash);
  std::string out;
  for (const auto byte : hash) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

}  // namespace

Status BlobWriter::add(std::string_view data) {
  if (data.size() > kMaxAddBytes) return fail(Code::kTooLarge, "a chunk is over 1 MiB");
  if (header_.size_bytes > kMaxBlobBytes || data_.size() + data.size() > kMaxBlobBytes)
    return fail(Code::kTooLarge, "the blob is over 16 MiB");
  data_.append(data);
  return {};
}

Result<v1::Blob> BlobWriter::finish() {
  if (std::find(std::begin(kMediaTypes), std::end(kMediaTypes), header_.media_type) == std::end(kMediaTypes))
    return fail(Code::kInvalid, "media_type '" + header_.media_type.substr(0, 64) +
                                    "' is none of image/jpeg, image/png, image/webp, image/svg+xml");
  if (data_.empty() || data_.size() != header_.size_bytes)
    return fail(Code::kInvalid, "size_bytes says " + std::to_string(header_.size_bytes) + ", " +
                                    std::to_string(data_.size()) + " came");
  if (!visit::fits_media_type(header_.media_type, data_))
    return fail(Code::kInvalid, "what came is no " + header_.media_type + ": its first bytes are another format's");
  if (hex_sha256(data_) != header_.sha256)
    return fail(Code::kInvalid, "sha256 is not that of what came: send it again");
  v1::Blob blob;
  blob.set_name("blobs/" + header_.sha256);
  blob.set_size_bytes(data_.size());
  blob.set_media_type(header_.media_type);
  *blob.mutable_received_at() = to_proto(desk_.clock().now());
  FIRSTFIX_CHECK(write_chunks(blob.name()));
  const auto written = desk_.store().transact([&](store::Transaction& txn) -> Status {
    UnitOfWork uow(txn, tenant_, std::string(kFirstFix), desk_.clock().now());
    FIRSTFIX_TRY(there, uow.find<v1::Blob>(blob.name()));
    if (there) return {};
    FIRSTFIX_CHECK(uow.put(blob));
    return uow.finish();
  });
  if (!written) return fail(written.error());
  return blob;
}

Status BlobWriter::write_chunks(const std::string& name) {
  for (std::size_t from = 0; from < data_.size(); from += kBytesAtOnce) {
    const auto end = std::min(from + kBytesAtOnce, data_.size());
    const auto write_some = [&](store::Transaction& txn) -> Status {
      for (std::size_t at = from; at < end; at += kChunkBytes)
        FIRSTFIX_CHECK(txn.put(store::Table::kBlobs, store::key({tenant_, name, store::big_endian(at)}),
                               std::string_view(data_).substr(at, std::min(kChunkBytes, end - at))));
      return {};
    };
    FIRSTFIX_CHECK(desk_.store().transact(write_some));
  }
  return {};
}

Status read_blob(const store::Reader& reader, const std::string& tenant, const std::string& name,
                 const std::function<bool(std::string_view)>& visit) {
  const auto from = store::key({tenant, name});
  return reader.scan(store::Table::kBlobs, from, store::prefix_end(from),
                     [&](std::string_view, std::string_view value) { return visit(value); });
}

}  // namespace firstfix::desk
