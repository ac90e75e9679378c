#include "casework/convert.h"
#include "change_stream.h"
#include "desk/blobs.h"
#include "desk/commands.h"
#include "firstfix/v1/engineer_service.grpc.pb.h"
#include "masters.h"
#include "services.h"
#include "visit/language.h"
#include "work.h"

namespace firstfix::api {
namespace {

using Context = grpc::ServerContext;

Instant at_or_now(bool has, const google::protobuf::Timestamp& at, const desk::Command& command) {
  return has ? to_instant(at) : command.now();
}

// Who is not qualified when setting out or arriving is refused, but the visit has been taken back and planned anew all
// the same: the command was carried out, and its answer, a visit without a state, is a refusal.
grpc::Status unless_taken_back(grpc::Status status, const v1::Visit& visit) {
  if (!status.ok() || visit.state() != v1::VISIT_STATE_UNSPECIFIED) return status;
  return to_grpc({Code::kState, visit.name() + " was taken back: " + visit.taken_back_reason()});
}

Result<v1::ListStepsResponse> to_list(const desk::View& view, const Principal& reader,
                                      std::vector<v1::ChecklistStep> steps) {
  FIRSTFIX_TRY(language, language_of(view, reader.subject));
  v1::ListStepsResponse out;
  for (auto& step : steps) {
    visit::put_texts(step, language);
    *out.add_steps() = std::move(step);
  }
  return out;
}

class EngineerServiceApi final
    : public v1::EngineerService::WithCallbackMethod_StreamWork<v1::EngineerService::Service> {
 public:
  EngineerServiceApi(Edge& edge, Feed& feed) : edge_(edge), feed_(feed) {}

  grpc::ServerWriteReactor<v1::StreamWorkResponse>* StreamWork(grpc::CallbackServerContext* context,
                                                               const v1::StreamWorkRequest* request) override {
    return open_stream<v1::StreamWorkResponse>(edge_, feed_, *context, *request, [](const Principal& who) {
      StreamKind<v1::StreamWorkResponse> kind;
      kind.open_now = [engineer = who.subject](const desk::View& view) { return open_work(view, engineer); };
      kind.changes = [who](Feed& feed, const Entry& entry) {
        return work_changes(feed, who.tenant, who.subject, entry);
      };
      kind.synced.set_synced(true);
      return kind;
    });
  }

  grpc::Status ListWork(Context* c, const v1::ListWorkRequest* q, v1::ListWorkResponse* r) override {
    return edge_.read<v1::ListWorkRequest, v1::ListWorkResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListWorkResponse> {
          FIRSTFIX_TRY(open, open_work(view, who.subject));
          v1::ListWorkResponse out;
          for (auto& one : open) {
            if (one.has_offer()) *out.add_offers() = std::move(*one.mutable_offer());
            if (one.has_visit()) *out.add_visits() = std::move(*one.mutable_visit());
          }
          return out;
        });
  }

  grpc::Status AcceptOffer(Context* c, const v1::AcceptOfferRequest* q, v1::Offer* r) override {
    return edge_.write<v1::AcceptOfferRequest, v1::Offer>(
        c, q, r, [&](const Principal&, desk::Command& command) { return desk::accept_offer(command, q->name()); });
  }
  grpc::Status DeclineOffer(Context* c, const v1::DeclineOfferRequest* q, v1::Offer* r) override {
    return edge_.write<v1::DeclineOfferRequest, v1::Offer>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::decline_offer(command, q->name(), q->reason());
    });
  }
  grpc::Status StartTravel(Context* c, const v1::StartTravelRequest* q, v1::Visit* r) override {
    return unless_taken_back(edge_.write<v1::StartTravelRequest, v1::Visit>(
                                 c, q, r,
                                 [&](const Principal&, desk::Command& command) {
                                   return desk::start_travel(command, q->name(),
                                                             at_or_now(q->has_at(), q->at(), command));
                                 }),
                             *r);
  }
  grpc::Status Arrive(Context* c, const v1::ArriveRequest* q, v1::Visit* r) override {
    return unless_taken_back(edge_.write<v1::ArriveRequest, v1::Visit>(
                                 c, q, r,
                                 [&](const Principal&, desk::Command& command) {
                                   return desk::arrive(command, q->name(), at_or_now(q->has_at(), q->at(), command));
                                 }),
                             *r);
  }

  grpc::Status EstimateCompletion(Context* c, const v1::EstimateCompletionRequest* q, v1::Visit* r) override {
    return edge_.write<v1::EstimateCompletionRequest, v1::Visit>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::estimate_completion(command, q->name(), to_instant(q->done_at()));
        });
  }

  grpc::Status ListSteps(Context* c, const v1::ListStepsRequest* q, v1::ListStepsResponse* r) override {
    return edge_.read<v1::ListStepsRequest, v1::ListStepsResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListStepsResponse> {
          FIRSTFIX_CHECK(may_see_visit(who, view, q->visit()));
          FIRSTFIX_TRY(steps, desk::steps_of(view, q->visit()));
          return to_list(view, who, std::move(steps));
        });
  }
  grpc::Status ListStepEvidence(Context* c, const v1::ListStepEvidenceRequest* q,
                                v1::ListStepEvidenceResponse* r) override {
    return edge_.read<v1::ListStepEvidenceRequest, v1::ListStepEvidenceResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListStepEvidenceResponse> {
          FIRSTFIX_CHECK(may_see_visit(who, view, q->parent().substr(0, q->parent().find("/steps/"))));
          v1::ListStepEvidenceResponse page;
          FIRSTFIX_CHECK(list_page<v1::StepEvidence>(
              view, q->parent() + "/", q->page_size(), q->page_token(), [](const auto&) { return true; },
              [&](v1::StepEvidence&& one) { *page.add_step_evidence() = std::move(one); },
              page.mutable_next_page_token()));
          return page;
        });
  }
  grpc::Status CompleteStep(Context* c, const v1::CompleteStepRequest* q, v1::ChecklistStep* r) override {
    return edge_.write<v1::CompleteStepRequest, v1::ChecklistStep>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::ChecklistStep> {
          FIRSTFIX_TRY(step, desk::complete_step(command, q->name(), q->evidence()));
          FIRSTFIX_TRY(language, language_of(command.uow, who.subject));
          visit::put_texts(step, language);
          return std::move(step);
        });
  }
  grpc::Status RequestDeviation(Context* c, const v1::RequestDeviationRequest* q, v1::Deviation* r) override {
    return edge_.write<v1::RequestDeviationRequest, v1::Deviation>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::request_deviation(command,
                                         {.step = q->name(),
                                          .reason = q->reason(),
                                          .benefit = q->benefit(),
                                          .instead = q->instead(),
                                          .offline = q->offline(),
                                          .at = at_or_now(q->has_at(), q->at(), command),
                                          .signed_by = q->signed_by()},
                                         q->signature());
        });
  }
  grpc::Status AddRepair(Context* c, const v1::AddRepairRequest* q, v1::ListStepsResponse* r) override {
    return edge_.write<v1::AddRepairRequest, v1::ListStepsResponse>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::ListStepsResponse> {
          FIRSTFIX_TRY(steps, desk::add_repair(command, q->visit(), q->cause()));
          return to_list(command.uow, who, std::move(steps));
        });
  }

  grpc::Status UploadBlob(Context* c, grpc::ServerReader<v1::UploadBlobRequest>* reader, v1::Blob* r) override {
    const auto who = edge_.admit(*c, v1::UploadBlobRequest::descriptor());
    if (!who) return to_grpc(who.error());
    v1::UploadBlobRequest chunk;
    if (!reader->Read(&chunk)) return to_grpc({Code::kInvalid, "no chunk came"});
    desk::BlobWriter writer(edge_.desk(), who->tenant, {chunk.sha256(), chunk.media_type(), chunk.size_bytes()});
    do {
      if (const auto added = writer.add(chunk.data()); !added) return to_grpc(added.error());
    } while (reader->Read(&chunk));
    const auto blob = writer.finish();
    if (!blob) return to_grpc(blob.error());
    *r = *blob;
    return grpc::Status::OK;
  }

  grpc::Status DownloadBlob(Context* c, const v1::DownloadBlobRequest* q,
                            grpc::ServerWriter<v1::DownloadBlobResponse>* writer) override {
    const auto who = edge_.admit(*c, v1::DownloadBlobRequest::descriptor());
    if (!who) return to_grpc(who.error());
    const auto snapshot = edge_.desk().snapshot();
    v1::DownloadBlobResponse chunk;
    const auto blob = desk::View(*snapshot, who->tenant).get<v1::Blob>(q->name());
    if (!blob) return to_grpc(blob.error());
    chunk.set_media_type(blob->media_type());
    const auto sent = desk::read_blob(*snapshot, who->tenant, q->name(), [&](std::string_view data) {
      chunk.set_data(data.data(), data.size());
      const bool alive = writer->Write(chunk);
      chunk.clear_media_type();
      return alive;
    });
    return sent ? grpc::Status::OK : to_grpc(sent.error());
  }

  grpc::Status RecordParts(Context* c, const v1::RecordPartsRequest* q, v1::RecordPartsResponse* r) override {
    return edge_.write<v1::RecordPartsRequest, v1::RecordPartsResponse>(
        c, q, r, [&](const Principal&, desk::Command& command) -> Result<v1::RecordPartsResponse> {
          internal::v1::UsedParts wanted;
          wanted.set_at_us(at_or_now(q->has_at(), q->at(), command).micros);
          for (const auto& part : q->parts()) {
            auto& line = *wanted.add_lines();
            line.set_part(part.part());
            line.set_quantity(part.quantity());
            line.set_location(part.location());
            line.set_lot(part.lot());
          }
          FIRSTFIX_TRY(used, desk::record_parts(command, q->visit(), wanted));
          v1::RecordPartsResponse out;
          for (const auto& line : used.lines()) {
            auto& part = *out.add_parts();
            part.set_part(line.part());
            part.set_quantity(line.quantity());
            part.set_location(line.location());
            part.set_lot(line.lot());
          }
          return out;
        });
  }

  grpc::Status CompleteVisit(Context* c, const v1::CompleteVisitRequest* q, v1::Visit* r) override {
    return edge_.write<v1::CompleteVisitRequest, v1::Visit>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::complete_visit(command, q->name(),
                                  {{q->found_causes().begin(), q->found_causes().end()},
                                   q->work_summary(),
                                   q->restored(),
                                   at_or_now(q->has_at(), q->at(), command),
                                   {}});
    });
  }

 private:
  Edge& edge_;
  Feed& feed_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_engineer_service(Edge& edge, Feed& feed) {
  return std::make_unique<EngineerServiceApi>(edge, feed);
}

}  // namespace firstfix::api
