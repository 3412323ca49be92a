// SPDX-License-Identifier: MIT OR Apache-2.0
#include "prepare/toolchain.h"

#include "prepare/planning_run.h"
#include "support/memory_file_system.h"

#include <catch2/catch.hpp>

using namespace pcargo;
using namespace pcargo::prepare;

TEST_CASE("certificates are looked for where cargo's library looks") {
  test::MemoryFileSystem files;
  files.files = {
      {"/etc/ssl/certs/ca-certificates.crt", ""}, {"/usr/lib/ssl/cert.pem", ""}, {"/usr/lib/ssl/certs/a", ""}};
  Environment environment;
  apply_certificate_environment(files, &environment);
  CHECK(environment.get("SSL_CERT_FILE") == "/usr/lib/ssl/cert.pem");
  CHECK(environment.get("SSL_CERT_DIR") == "/usr/lib/ssl/certs");
}

TEST_CASE("the user's certificates stay while they exist") {
  test::MemoryFileSystem files;
  files.files = {{"/etc/ssl/certs/ca-certificates.crt", ""}, {"/mine.pem", ""}};
  Environment environment;
  environment.set("SSL_CERT_FILE", "/mine.pem");
  environment.set("SSL_CERT_DIR", "/gone");
  apply_certificate_environment(files, &environment);
  CHECK(environment.get("SSL_CERT_FILE") == "/mine.pem");
  CHECK(environment.get("SSL_CERT_DIR") == "/etc/ssl/certs");
}

TEST_CASE("without certificates nothing is set") {
  Environment environment;
  apply_certificate_environment(test::MemoryFileSystem(), &environment);
  CHECK(environment.begin() == environment.end());
}

TEST_CASE("the second word of cargo's version is its number") {
  CHECK(version_number("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n") == "1.95.0");
  CHECK(version_number("cargo 1.97.0-nightly\n") == "1.97.0-nightly");
  CHECK(version_number("garbage").empty());
}

TEST_CASE("only open descriptors of a job server are passed on") {
  Environment environment;
  CHECK(jobserver_descriptors(environment).empty());
  environment.set("MAKEFLAGS", " -j --jobserver-auth=1000000,1000001");
  CHECK(jobserver_descriptors(environment).empty());
  environment.set("MAKEFLAGS", "-j --jobserver-auth=fifo:/tmp/x");
  CHECK(jobserver_descriptors(environment).empty());
}
