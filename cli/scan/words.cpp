#include "cli/scan/words.h"

#include <fmt/format.h>

namespace jwtdomain::cli {

std::string_view name_of(scan::Form form) {
    switch (form) {
    case scan::Form::jws: return name_of(inspect::Form::jws);
    case scan::Form::detached: return name_of(inspect::Form::jws_detached);
    case scan::Form::sd_jwt: return name_of(inspect::Form::sd_jwt);
    case scan::Form::jwe: return name_of(inspect::Form::jwe);
    }
    return {};
}

std::string describe(scan::Form form, const inspect::Token& token) {
    if (!token.kind.empty()) return token.kind;
    switch (form) {
    case scan::Form::jws: return std::string(inspect::describe(inspect::Form::jws));
    case scan::Form::detached: return std::string(inspect::describe(inspect::Form::jws_detached));
    case scan::Form::sd_jwt: return std::string(inspect::describe(inspect::Form::sd_jwt));
    case scan::Form::jwe: return std::string(inspect::describe(inspect::Form::jwe));
    }
    return {};
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
