#include "cli/app/command.h"

#include <array>

namespace jwtdomain::cli {

extern const Command kInit;
extern const Command kKeygen;
extern const Command kIssue;
extern const Command kRefresh;
extern const Command kRevoke;
extern const Command kRotate;
extern const Command kJwks;
extern const Command kSchema;
extern const Command kInspect;
extern const Command kVerify;
extern const Command kAudit;
extern const Command kDescribe;
extern const Command kExport;
extern const Command kProbe;
extern const Command kProof;
extern const Command kEvidence;
extern const Command kTriage;
extern const Command kScan;
extern const Command kCrack;
extern const Command kExplain;
extern const Command kComplete;
extern const Command kDemo;

namespace {

// One line a command, in the order of --help.
// clang-format off
const std::array kCommands{
    &kInit,
    &kKeygen,
    &kRotate,
    &kJwks,
    &kSchema,
    &kIssue,
    &kRefresh,
    &kRevoke,
    &kInspect,
    &kVerify,
    &kAudit,
    &kDescribe,
    &kExport,
    &kProbe,
    &kProof,
    &kEvidence,
    &kTriage,
    &kScan,
    &kCrack,
    &kExplain,
    &kDemo,
    &kComplete,
};
// clang-format on

} // namespace

std::span<const Command* const> commands() { return kCommands; }

const Command* find_command(std::string_view name) {
    for (const Command* command : kCommands) {
        if (command->name == name) return command;
    }
    return nullptr;
}

} // namespace jwtdomain::cli
