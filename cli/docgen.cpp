// Writes man pages and completions below a directory, or lists the examples of all commands for the tests.
//   jwtdomain-docgen DIRECTORY
//   jwtdomain-docgen --examples      a line each: COMMAND, expected exit status and command line, separated by tabs
#include <cstdio>
#include <filesystem>
#include <string>

#include "cli/docs/document.h"
#include "jwtdomain/store/files.h"

namespace {

using namespace jwtdomain;

int write_documents(const std::filesystem::path& root) {
    for (const cli::Document& document : cli::documents()) {
        const std::filesystem::path path = root / document.path;
        std::filesystem::create_directories(path.parent_path());
        if (const Status written = store::write_file(path.string(), document.content, store::Existing::replace);
            !written) {
            std::fprintf(stderr, "jwtdomain-docgen: %s\n", describe(written.error()).c_str());
            return 1;
        }
    }
    return 0;
}

void print(std::string_view name, cli::Exit status, std::string_view command) {
    std::printf("%.*s\t%d\t%.*s\n", static_cast<int>(name.size()), name.data(), static_cast<int>(status),
                static_cast<int>(command.size()), command.data());
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: jwtdomain-docgen DIRECTORY | --examples\n", stderr);
        return 2;
    }
    if (std::string_view(argv[1]) != "--examples") return write_documents(argv[1]);
    for (const cli::DeclaredCommand& declared : cli::declared_commands()) {
        for (const cli::Example& example : declared.command.examples)
            print(declared.command.name, example.exit, example.command);
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}
