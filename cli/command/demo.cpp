#include <cstdlib>
#include <filesystem>

#include "cli/app/app.h"
#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/app/text.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {};

void declare(Declaration&, DemoOptions&) {}

// The real world, but for the working directory, the places of policy and keys, and where output goes.
class Stage final : public World {
public:
    Stage(World& real, std::string directory) : real_(real), directory_(std::move(directory)) {}

    Result<std::size_t> read(char*, std::size_t) override { return std::size_t{0}; }
    Status write(std::string_view text) override {
        output += text;
        return {};
    }
    void write_error(std::string_view text) override { output += text; }
    bool is_terminal(Stream) const override { return false; }
    std::optional<std::string> environment(const std::string& name) const override {
        if (name == "XDG_STATE_HOME") return directory_ + "/state";
        if (name == "JWTDOMAIN_POLICY") return std::nullopt;
        return real_.environment(name);
    }
    Time now() const override { return real_.now(); }
    std::string directory() const override { return directory_; }
    Result<SecretBytes> ask_secret(const std::string&) override {
        return fail(Fault::usage, "the demo asks for nothing");
    }
    Result<SecretBytes> read_descriptor(int, std::size_t) override {
        return fail(Fault::usage, "the demo reads nothing");
    }

    std::string output;

private:
    World& real_;
    std::string directory_;
};

// Removes the directory of the demo, whatever happens.
class Scratch {
public:
    explicit Scratch(const std::string& parent) {
        std::string pattern = parent + "/jwtdomain-demo-XXXXXX";
        if (mkdtemp(pattern.data())) path_ = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

class Demo {
public:
    Demo(Session& session, Stage& stage) : session_(session), stage_(stage) {}

    void say(std::string_view text) {
        TextReport report(session_.color());
        report.heading("# " + std::string(text));
        session_.print(report.take());
    }

    // Runs a command, shows it as typed and the first `lines` lines of what it says. Gives all that it said.
    std::string run_and_show(const std::vector<std::string>& arguments, const std::string& shown, Exit expected,
                             std::size_t lines) {
        stage_.output.clear();
        const int status = run(arguments, stage_);
        if (status != static_cast<int>(expected)) good_ = false;
        std::string text = "$ jwtdomain " + shown + "\n";
        std::size_t from = 0;
        for (std::size_t i = 0; i < lines && from < stage_.output.size(); ++i) {
            const std::size_t end = std::min(stage_.output.find('\n', from), stage_.output.size());
            text += "  " + stage_.output.substr(from, end - from) + "\n";
            from = end + 1;
        }
        session_.print(text);
        return stage_.output;
    }

    std::string token_of(const std::string& domain, const std::string& policy) {
        std::string token =
            run_and_show({"issue", "--policy", policy, "--domain", domain, "--subject", "alice"},
                         "issue --domain " + domain + " --subject alice > " + domain + ".jwt", Exit::yes, 0);
        while (!token.empty() && token.back() == '\n') token.pop_back();
        return token;
    }

    bool good() const { return good_; }

private:
    Session& session_;
    Stage& stage_;
    bool good_ = true;
};

Exit run_demo(Session& session, const DemoOptions&) {
    const Scratch scratch(session.world().environment("TMPDIR").value_or("/tmp"));
    if (scratch.path().empty())
        return session.report({Fault::unreadable, "there is no room for the demo's files in the temporary directory"});
    Stage stage(session.world(), scratch.path());
    Demo demo(session, stage);
    const std::string policy = scratch.path() + "/jwtdomain";

    demo.say("Two domains, each with its own issuer, audience and key.");
    demo.run_and_show({"init", "--policy", policy, "--domain", "staging", "--domain", "prod"},
                      "init --domain staging --domain prod", Exit::yes, 1);
    demo.say("A token of each.");
    const std::string staging = demo.token_of("staging", policy);
    const std::string prod = demo.token_of("prod", policy);
    demo.say("Each is accepted at home,");
    demo.run_and_show({"verify", "--policy", policy, "--domain", "staging", staging},
                      "verify --domain staging @staging.jwt", Exit::yes, 1);
    demo.run_and_show({"verify", "--policy", policy, "--domain", "prod", prod}, "verify --domain prod @prod.jwt",
                      Exit::yes, 1);
    demo.say("and refused next door, with every reason.");
    demo.run_and_show({"verify", "--policy", policy, "--domain", "prod", staging}, "verify --domain prod @staging.jwt",
                      Exit::no, 12);
    demo.run_and_show({"verify", "--policy", policy, "--domain", "staging", prod}, "verify --domain staging @prod.jwt",
                      Exit::no, 1);
    demo.say("Whose token is this?");
    demo.run_and_show({"verify", "--policy", policy, "--domain", "auto", staging}, "verify --domain auto @staging.jwt",
                      Exit::yes, 1);
    if (!demo.good()) return session.report({Fault::internal, "the demo did not go as it should"});
    session.print("Yours: jwtdomain init --domain NAME --domain NAME, or with your own issuer:\n"
                  "       jwtdomain init --domain NAME --issuer URL --preset keycloak --jwks FILE\n");
    return Exit::yes;
}

} // namespace

extern const Command kDemo{
    .name = "demo",
    .group = "Help",
    .summary = "Show the main job on two made-up domains; nothing stays behind",
    .description =
        "Makes two domains in a temporary directory, mints a token for each, and shows that each is accepted at home "
        "and "
        "refused next door, with every reason. Nothing is left behind, and no policy or key of yours is touched.",
    .formats = {},
    .examples = {{"the main job, end to end", "jwtdomain demo", Exit::yes}},
    .prepare = prepare<DemoOptions, declare, run_demo>,
};

} // namespace jwtdomain::cli
