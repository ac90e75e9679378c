// TLS and mutual TLS: who has a certificate of ours is who it says; who has one of another's is nobody.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "firstfix/v1/fleet_service.pb.h"
#include "served_town.h"

namespace firstfix::api {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_TRUE(in) << path;
  return text.str();
}

class TlsTest : public ServedTown {
 protected:
  void SetUp() override {
    make("ours", "server server localhost 127.0.0.1");
    make("ours", "client ann firstfix://acme/dispatcher/dispatch/ann");
    make("ours", "client nameless");
    make("theirs", "client mallory firstfix://acme/admin/mallory");
  }
  void make(const std::string& authority, const std::string& what) {
    const auto command =
        FIRSTFIX_SOURCE "/deploy/make-certificates " + (files.path() / authority).string() + " " + what;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  std::string file(const std::string& name) const { return files.path() / name; }

  ListenOptions secure() const {
    return {.address = "127.0.0.1:0", .cert_file = file("ours/server.crt"), .key_file = file("ours/server.key")};
  }
  ListenOptions mutual(bool required) const {
    auto options = secure();
    options.client_ca_file = file("ours/ca.crt");
    options.client_certificate_required = required;
    return options;
  }
  // Calls as the client with this certificate (none if empty), with or without a token.
  grpc::StatusCode call_as(const std::string& certificate, const Caller& by_token = {}) {
    grpc::SslCredentialsOptions tls{.pem_root_certs = read(file("ours/ca.crt"))};
    if (!certificate.empty()) {
      tls.pem_cert_chain = read(file(certificate + ".crt"));
      tls.pem_private_key = read(file(certificate + ".key"));
    }
    channel = grpc::CreateChannel(address(), grpc::SslCredentials(tls));
    return call(*method_of(v1::ListSitesRequest::descriptor()), by_token, v1::ListSitesRequest{}).error_code();
  }

  testing::TemporaryDirectory files;
};

TEST_F(TlsTest, ATokenTravelsOverTls) {
  serve(secure());
  EXPECT_EQ(call_as("", kDispatcher), grpc::StatusCode::OK);
  EXPECT_EQ(call_as(""), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TlsTest, WhoSpeaksInTheClearIsNotHeard) {
  serve(secure());
  channel = plain();
  EXPECT_EQ(code_of<v1::ListSitesRequest>(kDispatcher, ""), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, ACertificateSaysWhoCalls) {
  serve(mutual(true));
  EXPECT_EQ(call_as("ours/ann"), grpc::StatusCode::OK);
  EXPECT_EQ(call_as("ours/nameless"), grpc::StatusCode::UNAUTHENTICATED) << "it names no principal";
  EXPECT_EQ(call_as("ours/nameless", kDispatcher), grpc::StatusCode::OK) << "a token does";
  EXPECT_EQ(call_as("ours/ann", kCustomer), grpc::StatusCode::PERMISSION_DENIED) << "a token comes first";
}

TEST_F(TlsTest, ACertificateOfAnotherAuthorityIsRefused) {
  for (const bool required : {true, false}) {
    serve(mutual(required));
    EXPECT_EQ(call_as("theirs/mallory"), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(call_as("theirs/mallory", kAdmin), grpc::StatusCode::UNAVAILABLE) << "also with a token";
    server->stop(Duration{0});
  }
}

TEST_F(TlsTest, WithoutACertificateATokenWillDoOnlyWhereItIsSaidSo) {
  serve(mutual(true));
  EXPECT_EQ(call_as("", kDispatcher), grpc::StatusCode::UNAVAILABLE);
  server->stop(Duration{0});
  serve(mutual(false));
  EXPECT_EQ(call_as("", kDispatcher), grpc::StatusCode::OK);
  EXPECT_EQ(call_as(""), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(call_as("ours/ann"), grpc::StatusCode::OK);
}

TEST_F(TlsTest, FilesThatAreNoneAreNamed) {
  Server other(*town.desk, tokens, {});
  auto options = secure();
  options.cert_file = file("ours/missing.crt");
  EXPECT_THAT(other.start(options).error().message, ::testing::HasSubstr("missing.crt"));
  std::ofstream(file("ours/note.txt")) << "not a certificate";
  options.cert_file = file("ours/note.txt");
  EXPECT_THAT(other.start(options).error().message, ::testing::HasSubstr("not in PEM form"));
}

}  // namespace
}  // namespace firstfix::api
