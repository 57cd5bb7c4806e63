// Validations for machines that watch: JUnit XML for build servers, Prometheus' text format for monitoring.
#pragma once

#include <memory>

#include "core/report/validation.h"

namespace maildoctor::report {

/// A test suite for each domain, a test case for each published server, source fault and policy line.
std::unique_ptr<ValidationWriter> junit_writer();

/// Prometheus text exposition format 0.0.4. Keeps a few figures of each domain until end(), because the
/// format wants the samples of one metric together.
std::unique_ptr<ValidationWriter> prometheus_writer();

}  // namespace maildoctor::report
