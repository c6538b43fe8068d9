// A made-up world for commands: whole commands run in-process, with a given time, environment, terminal and input.
// Files are real: use a TemporaryDirectory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/app/app.h"
#include "cli/app/world.h"

namespace jwtdomain::test {

// What a run of a command left behind.
struct Outcome {
    int status = 0;
    std::string out, err;
};

class FakeWorld final : public cli::World {
public:
    std::optional<std::string> input; // of standard input, which is a terminal if there is none
    std::map<std::string, std::string> variables{{"HOME", "/nonexistent"}};
    Time time = 1'700'000'000;      // 2023-11-14T22:13:20Z, the kNow of mint.h
    mutable std::int64_t ticks = 0; // milliseconds of its other clock, which goes on by `tick` whenever it is asked
    std::int64_t tick = 0;
    std::string working_directory = "/";
    bool terminal_out = false, terminal_err = false;
    std::optional<std::string> typed; // at the terminal, when a secret is asked for
    std::map<int, std::string> descriptors;
    std::optional<Error> write_fails; // Fault::retry: whoever read standard output has gone
    bool stop = false;                // SIGINT has come
    unsigned cores = 1;

    // Runs `jwtdomain ARGUMENTS...`. Standard input is read anew by each run.
    Outcome run(const std::vector<std::string>& arguments) {
        out_.clear();
        err_.clear();
        position_ = 0;
        const int status = cli::run(arguments, *this);
        return {status, out_, err_};
    }
    Outcome run_with_input(std::string text, const std::vector<std::string>& arguments) {
        input = std::move(text);
        return run(arguments);
    }

    Result<std::size_t> read(char* to, std::size_t size) override {
        if (!input) return std::size_t{0};
        const std::size_t count = input->copy(to, size, position_);
        position_ += count;
        return count;
    }
    Status write(std::string_view text) override {
        if (write_fails) return fail(*write_fails);
        out_ += text;
        return {};
    }
    void write_error(std::string_view text) override { err_ += text; }
    bool is_terminal(cli::Stream stream) const override {
        switch (stream) {
        case cli::Stream::in: return !input;
        case cli::Stream::out: return terminal_out;
        case cli::Stream::err: return terminal_err;
        }
        return false;
    }
    std::optional<std::string> environment(const std::string& name) const override {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    }
    Time now() const override { return time; }
    std::int64_t milliseconds() const override { return ticks += tick; }
    std::string directory() const override { return working_directory; }
    Result<SecretBytes> ask_secret(const std::string&) override {
        if (!typed) return fail(Fault::usage, "there is no terminal to ask for a secret");
        return SecretBytes(std::string_view(*typed));
    }
    Result<SecretBytes> read_descriptor(int descriptor, std::size_t limit) override {
        const auto found = descriptors.find(descriptor);
        if (found == descriptors.end()) return fail(Fault::unreadable, "cannot read the file descriptor");
        if (found->second.size() > limit) return fail(Fault::limit, "the secret is too long");
        return SecretBytes(std::string_view(found->second));
    }
    int interrupted() const override { return stop ? 2 : 0; }
    unsigned processors() const override { return cores; }

private:
    std::size_t position_ = 0;
    std::string out_, err_;
};

// Runs `jwtdomain ARGUMENTS...` in a world of its own, at kNow, without policy, with a terminal for standard input.
inline Outcome run_alone(const std::vector<std::string>& arguments) { return FakeWorld().run(arguments); }

inline std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Characters (code points) of the longest line: text reports stay within 80.
inline std::size_t widest_line(const std::string& text) {
    std::size_t widest = 0, width = 0;
    for (const char c : text) {
        if (c == '\n')
            width = 0;
        else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80)
            widest = std::max(widest, ++width);
    }
    return widest;
}

} // namespace jwtdomain::test
