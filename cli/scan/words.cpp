#include "cli/scan/words.h"

#include <fmt/format.h>

namespace jwtdomain::cli {

namespace {

inspect::Form inspected(scan::Form form) {
    switch (form) {
    case scan::Form::jws: return inspect::Form::jws;
    case scan::Form::detached: return inspect::Form::jws_detached;
    case scan::Form::sd_jwt: return inspect::Form::sd_jwt;
    case scan::Form::jwe: return inspect::Form::jwe;
    }
    return inspect::Form::jws;
}

} // namespace

std::string_view name_of(scan::Form form) { return name_of(inspected(form)); }

std::string describe(scan::Form form, const inspect::Token& token) {
    return token.kind.empty() ? std::string(inspect::describe(inspected(form))) : token.kind;
}

std::string size_text(std::uint64_t octets) {
    constexpr std::uint64_t kKib = 1024;
    if (octets < kKib) return fmt::format("{} octet{}", octets, octets == 1 ? "" : "s");
    double size = static_cast<double>(octets);
    std::string_view unit;
    for (const std::string_view each : {"KiB", "MiB", "GiB", "TiB"}) {
        size /= 1024;
        unit = each;
        if (size < 1024) break;
    }
    return fmt::format("{:.1f} {}", size, unit);
}

std::string how_found(const Occurrence& occurrence) {
    std::string out;
    const auto add = [&](std::string_view word) { out += (out.empty() ? "" : ", ") + std::string(word); };
    if (!occurrence.part.empty()) add(occurrence.part);
    for (const scan::Layer layer : occurrence.layers) add(name_of(layer));
    for (const scan::Repair repair : occurrence.repairs.list()) add(name_of(repair));
    return out;
}

std::string_view state_text(const FoundToken& token, bool policy_read) {
    if (!token.example.empty()) return "EXAMPLE";
    if (!policy_read && token.triage.state == TriageReport::State::unknown && token.form != scan::Form::jwe)
        return "UNEXPIRED";
    return name_of(token.triage.state);
}

} // namespace jwtdomain::cli
