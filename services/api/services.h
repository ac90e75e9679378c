// Makers of the services, one file each. What they are given outlives them.
#pragma once

#include <grpcpp/impl/codegen/service_type.h>

#include <memory>

#include "api/edge.h"
#include "api/feed.h"
#include "api/services.h"

namespace firstfix::api {

std::unique_ptr<grpc::Service> make_case_service(Edge& edge, Feed& feed);
std::unique_ptr<grpc::Service> make_dispatch_service(Edge& edge);
std::unique_ptr<grpc::Service> make_appointment_service(Edge& edge);
std::unique_ptr<grpc::Service> make_planning_service(Edge& edge);
std::unique_ptr<grpc::Service> make_engineer_service(Edge& edge, Feed& feed);
std::unique_ptr<grpc::Service> make_fleet_service(Edge& edge);
std::unique_ptr<grpc::Service> make_knowledge_service(Edge& edge);
std::unique_ptr<grpc::Service> make_workforce_service(Edge& edge);
std::unique_ptr<grpc::Service> make_inventory_service(Edge& edge);
std::unique_ptr<grpc::Service> make_admin_service(Edge& edge, const Operations& operations);

}  // namespace firstfix::api
