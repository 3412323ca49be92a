// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/toolchain.h"

#include "base/path.h"
#include "platform/child_process.h"
#include "prepare/rustup.h"
#include "prepare/tool_lookup.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace pcargo::prepare {
namespace {

platform::SpawnOptions rustup_run(std::vector<std::string> argv,
                                  const ToolchainQuestion& question,
                                  platform::Stream standard_error) {
  platform::SpawnOptions options;
  options.argv = std::move(argv);
  options.environment = question.environment.to_block();
  options.search_path = question.environment.get("PATH").value_or("");
  options.standard_input = platform::Stream::kInherit;
  options.standard_error = standard_error;
  options.own_process_group = false;
  return options;
}

/// For answers that the files do not give: rustup names the program.
std::optional<RustupChoice> ask_which(const std::string& proxy,
                                      const ToolchainQuestion& question,
                                      const std::string& rustup_home,
                                      RustupChoice::Source source) {
  std::vector<std::string> argv = {path::join(path::parent(proxy), "rustup"), "which"};
  if (question.requested_toolchain) {
    argv.insert(argv.end(), {"--toolchain", *question.requested_toolchain});
  }
  argv.emplace_back("cargo");
  auto answer = platform::run_to_end(rustup_run(argv, question, platform::Stream::kNull));
  if (!answer || !answer->status.success()) {
    return std::nullopt;
  }
  std::string cargo = answer->out.substr(0, answer->out.find('\n'));
  std::string directory(path::parent(path::parent(cargo)));
  bool is_named = path::is_within(directory, path::join(rustup_home, "toolchains"));
  return RustupChoice{is_named ? std::string(path::file_name(directory)) : directory, directory, cargo, source};
}

/// Cargo's own rule for CARGO (util/context/mod.rs, cargo_exe): the running file if it is called cargo, else its name.
std::string cargo_variable(const std::string& path) {
  std::string real = real_path(path);
  return path::file_stem(real) == "cargo" || path::file_stem(path) != "cargo" ? real : path;
}

CargoProgram program(const std::string& path, Environment environment, const FileSystem& files) {
  apply_certificate_environment(files, &environment);
  return CargoProgram{path, cargo_variable(path), std::move(environment), {}};
}

Error no_cargo(const std::string& what) {
  return Error{ErrorKind::kEnvironment, "could not find `cargo`", {what}};
}

Result<CargoSearch> behind_rustup(const std::string& proxy, const ToolchainQuestion& question) {
  RustupQuestion rustup;
  rustup.rustup_home = rustup_home(question.environment, question.current_directory);
  rustup.current_directory = question.current_directory;
  rustup.command_line_toolchain = question.requested_toolchain;
  rustup.environment_toolchain = question.environment.get("RUSTUP_TOOLCHAIN");
  rustup.canonicalize = real_path;

  RustupAnswer answer = choose_toolchain(question.files, rustup);
  const bool asked = answer.ask_rustup;
  if (asked) {
    std::vector<std::string> argv = {proxy};
    if (question.requested_toolchain) {
      argv.push_back("+" + *question.requested_toolchain);
    }
    argv.emplace_back("-V");
    PCARGO_ASSIGN(auto told, platform::run_to_end(rustup_run(argv, question, platform::Stream::kInherit)));
    if (!told.status.success()) {
      return CargoSearch{std::nullopt, told.status.signal != 0 ? 128 + told.status.signal : told.status.code};
    }
    answer = choose_toolchain(question.files, rustup);
    if (!answer.choice) {
      answer.choice = ask_which(proxy, question, rustup.rustup_home, answer.source);
    }
  }
  if (!answer.choice) {
    return no_cargo("rustup does not say which toolchain is active");
  }

  Environment environment = question.environment;
  std::string home = cargo_home(question.environment, question.current_directory);
  apply_proxy_environment(ProxyEnvironment{*answer.choice, rustup.rustup_home, home}, &environment);
  // An old cargo takes the proxy's path in CARGO for its own: rustup corrects it.
  if (auto variable = environment.get("CARGO")) {
    std::error_code error;
    if (std::filesystem::read_symlink(*variable, error).stem() == "rustup") {
      environment.set("CARGO", answer.choice->cargo);
    }
  }
  CargoProgram cargo = program(answer.choice->cargo, std::move(environment), question.files);
  cargo.rustup_proxy = proxy;
  return CargoSearch{std::move(cargo), 0, asked};
}

/// The first `cargo` on PATH that is not ourselves.
std::optional<std::string> cargo_on_path(const ToolchainQuestion& question) {
  Environment environment = question.environment;
  while (auto found = resolve_executable("cargo", environment)) {
    if (!is_same_file(*found, question.own_executable)) {
      return found;
    }
    // Go on behind the entry that led to us.
    std::string search_path = *environment.get("PATH");
    std::string directory(path::parent(*found));
    std::size_t at = (":" + search_path).find(":" + directory);
    std::size_t end = at == std::string::npos ? at : search_path.find(':', at);
    if (end == std::string::npos) {
      return std::nullopt;
    }
    environment.set("PATH", search_path.substr(end + 1));
  }
  return std::nullopt;
}

}  // namespace

Result<CargoSearch> find_cargo(const ToolchainQuestion& question) {
  auto on_path = cargo_on_path(question);
  auto named = question.environment.get("CARGO");
  if (named && !named->empty() && !question.requested_toolchain) {
    auto candidate = resolve_executable(*named, question.environment);
    std::string cargo = candidate ? path::join(question.current_directory, *candidate) : std::string();
    bool usable = question.files.kind(cargo) == FileKind::kFile && !is_same_file(cargo, question.own_executable);
    if (usable) {
      on_path = cargo;
    }
  }
  if (!on_path) {
    return no_cargo("no executable for `cargo` found in PATH");
  }
  if (is_rustup_proxy(*on_path)) {
    return behind_rustup(*on_path, question);
  }
  if (question.requested_toolchain) {
    // Plain cargo's answer to a word that only a proxy understands.
    return Error{ErrorKind::kEnvironment,
                 "no such command: `+" + *question.requested_toolchain +
                     "`\n\nhelp: invoke `cargo` through `rustup` to handle `+toolchain` directives"};
  }
  return CargoSearch{program(*on_path, question.environment, question.files), 0};
}

void correct_for_old_rustup(const Environment& original, CargoProgram* cargo) {
  constexpr const char* kSource = "RUSTUP_TOOLCHAIN_SOURCE";
  if (auto inherited = original.get(kSource)) {
    cargo->environment.set(kSource, *inherited);
  } else {
    cargo->environment.remove(kSource);
  }
}

void apply_certificate_environment(const FileSystem& files, Environment* environment) {
  auto exists = [&files](const std::string& path) { return files.kind(path) != FileKind::kNone; };
  auto known = [&](const char* variable) {
    auto value = environment->get(variable);
    return value && exists(*value) ? value : std::nullopt;
  };
  std::optional<std::string> file = known("SSL_CERT_FILE");
  std::optional<std::string> directory = known("SSL_CERT_DIR");
  for (const char* candidate : {"/var/ssl",
                                "/usr/share/ssl",
                                "/usr/local/ssl",
                                "/usr/local/openssl",
                                "/usr/local/etc/openssl",
                                "/usr/local/share",
                                "/usr/lib/ssl",
                                "/usr/ssl",
                                "/etc/openssl",
                                "/etc/pki/ca-trust/extracted/pem",
                                "/etc/pki/tls",
                                "/etc/ssl",
                                "/etc/certs",
                                "/opt/etc/ssl"}) {
    if (file && directory) {
      break;
    }
    if (!exists(candidate)) {
      continue;
    }
    for (const char* name : {"cert.pem",
                             "certs.pem",
                             "ca-bundle.pem",
                             "cacert.pem",
                             "ca-certificates.crt",
                             "certs/ca-certificates.crt",
                             "certs/ca-root-nss.crt",
                             "certs/ca-bundle.crt",
                             "CARootCertificates.pem",
                             "tls-ca-bundle.pem"}) {
      std::string path = path::join(candidate, name);
      if (!file && exists(path)) {
        file = path;
      }
    }
    std::string certificates = path::join(candidate, "certs");
    if (!directory && exists(certificates)) {
      directory = certificates;
    }
  }
  if (file) {
    environment->set("SSL_CERT_FILE", *file);
  }
  if (directory) {
    environment->set("SSL_CERT_DIR", *directory);
  }
}

}  // namespace pcargo::prepare
