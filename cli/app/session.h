// One run of one command: the world, the common options, and what every command needs of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/declaration.h"
#include "cli/app/exit_status.h"
#include "cli/app/world.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/net/documents.h"

namespace jwtdomain::cli {

struct CommonOptions {
    std::optional<std::string> policy, time, color, output;
    std::vector<std::string> formats; // "json" or "json:PATH"
    bool quiet = false, verbose = false;
};
// `formats` are those of the command; none: of whichever it will be.
void declare_common(Declaration& declaration, CommonOptions& options, std::span<const std::string_view> formats = {});

// A report in one format. Writers give the whole text, with a newline at its end.
struct Rendering {
    std::string_view format; // "text", "json"
    std::function<std::string()> write;
};

// Where the policy is that a user names: in that directory, in its jwtdomain/, or that very file. nullopt: none is
// there.
std::optional<std::string> find_policy_at(const std::string& named);

class Session {
public:
    Session(World& world, const CommonOptions& common, std::string_view command);

    World& world() { return world_; }
    const CommonOptions& common() const { return common_; }
    const std::string& command() const { return command_; }
    Time now() const { return now_; }
    bool color() const { return color_; } // on standard output

    // Checks --time, --format and --color. Called once before the command runs.
    Status begin(const std::vector<std::string_view>& formats);

    // Writes the report in every format that was asked for (text if none), to standard output or to its file.
    // `status` is what the command would exit with; a failure to write makes it worse. Files with a confidential report
    // are written as private ones: 0600, and not inside a git work tree.
    Exit emit(Exit status, const std::vector<Rendering>& renderings, bool confidential = false);

    // Standard output as it is; a failure is remembered and told by finish().
    void print(std::string_view text);
    bool output_failed() const { return !output_.has_value(); }

    // "jwtdomain verify: error: ..." and the hint; gives the exit status of the fault.
    Exit report(const Error& error);
    void warn(std::string_view text); // silenced by --quiet
    void note(std::string_view text); // only with --verbose

    // Tells of a failed write, whatever else was decided.
    Exit finish(Exit status);

    // TOKEN as an argument, `@file`, `-` or standard input if that is not a terminal. Faults: no_input, unreadable,
    // limit.
    Result<std::string> read_argument(const std::optional<std::string>& argument, std::string_view what,
                                      std::size_t limit);
    // All of standard input.
    Result<std::string> read_input(std::size_t limit);
    // The same, for what may be asked for several times: it is kept.
    Result<std::string> read_input_again(std::size_t limit);
    // prompt, env:NAME, file:PATH, fd:N, stdin. One trailing newline of a file or of stdin is dropped. Faults: usage,
    // unreadable.
    Result<SecretBytes> read_secret(const std::string& source, std::string_view what);

    // The policy's directory: --policy, JWTDOMAIN_POLICY, or the nearest jwtdomain/policy.yaml up to the root of the
    // work tree. Faults: not_found, with the command to make one.
    Result<std::string> policy_directory();
    // $XDG_STATE_HOME/jwtdomain or ~/.local/state/jwtdomain; not made.
    Result<std::string> state_directory();

    // What is at URLs, remembered in $XDG_CACHE_HOME/jwtdomain/fetched or ~/.cache/jwtdomain/fetched; offline, unless a
    // command says otherwise before it first asks.
    net::Documents& documents();
    void set_documents(bool online, net::Access access);
    void set_documents(net::Answers kept); // those of another run, and no others
    // The kid of the token that is judged, if there is one.
    const std::optional<std::string>& expected_kid() const { return expected_kid_; }
    void expect_kid(std::optional<std::string> kid) { expected_kid_ = std::move(kid); }

private:
    std::optional<std::string> own_directory(const char* variable, const char* below_home) const;
    World& world_;
    CommonOptions common_;
    std::string command_;
    Time now_ = 0;
    bool color_ = false;
    Status output_;
    std::optional<Result<std::string>> input_;
    std::optional<net::Documents> documents_;
    std::optional<std::string> expected_kid_;
};

} // namespace jwtdomain::cli
