// `firstfix token`: signs a token for a person or a program.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "api/principal.h"
#include "cli/commands.h"

namespace firstfix::cli {
namespace {

struct Options {
  std::string key_file, tenant, role, subject;
  long hours = 12;
};

Result<std::string> sign(const Options& options) {
  std::ifstream in(options.key_file);
  std::stringstream key;
  key << in.rdbuf();
  if (!in) return fail(Code::kInvalid, "cannot read " + options.key_file);
  FIRSTFIX_TRY(tokens, api::Tokens::with_key(key.str()));
  FIRSTFIX_TRY(role, api::role_from(options.role));
  const auto now = std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  return tokens.sign({options.tenant, role, options.subject}, Instant{now.count()} + std::chrono::hours{options.hours});
}

}  // namespace

void add_token(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("token", "sign a token for a person or a program");
  command->footer(
      "Example: firstfix token --key-file /etc/firstfix/token.key --tenant acme --role engineer --subject "
      "engineers/li");
  command->add_option("--key-file", options->key_file, "the key that firstfixd's auth.token_key_file names")
      ->required();
  command->add_option("--tenant", options->tenant, "the tenant")->required();
  command->add_option("--role", options->role, "engineer, dispatcher, lead, customer or admin")->required();
  command
      ->add_option("--subject", options->subject,
                   "who: engineers/{id} or contacts/{id} as they are on record, else any name")
      ->required();
  command->add_option("--hours", options->hours, "how long it is valid")
      ->capture_default_str()
      ->check(CLI::Range(1L, 24L * 3660));
  command->callback([options, &exit_code] {
    const auto token = sign(*options);
    if (token)
      std::cout << *token << "\n";
    else
      std::cerr << "firstfix token: " << token.error().message << "\n", exit_code = 1;
  });
}

}  // namespace firstfix::cli
