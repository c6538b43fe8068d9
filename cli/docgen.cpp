// Writes man pages and completions below a directory, or lists the examples of all commands for the tests.
//   jwtdomain-docgen DIRECTORY
//   jwtdomain-docgen --examples   a line each: COMMAND (jwtdomain: none, exit: of a page), expected exit status,
//   command line; tabs between
#include <filesystem>
#include <iostream>
#include <string>

#include "cli/docs/document.h"
#include "cli/explain/topics.h"
#include "jwtdomain/store/files.h"

namespace {

using namespace jwtdomain;

int write_documents(const std::filesystem::path& root) {
    for (const cli::Document& document : cli::documents()) {
        const std::filesystem::path path = root / document.path;
        std::filesystem::create_directories(path.parent_path());
        if (const Status written = store::write_file(path.string(), document.content, store::Existing::replace);
            !written) {
            std::cerr << "jwtdomain-docgen: " << describe(written.error()) << "\n";
            return 1;
        }
    }
    return 0;
}

void print(std::string_view name, cli::Exit status, std::string_view command) {
    std::cout << name << '\t' << static_cast<int>(status) << '\t' << command << '\n';
}

int print_examples() {
    for (const cli::Example& example : cli::program_examples()) print("jwtdomain", example.exit, example.command);
    for (const cli::DeclaredCommand& declared : cli::declared_commands()) {
        for (const cli::Example& example : declared.command.examples) {
            print(declared.command.name, example.exit, example.command);
        }
    }
    for (const cli::ExitInfo& status : cli::statuses_by_number()) {
        const cli::ExitAdvice& advice = cli::advice_on(status.status);
        if (!advice.command.empty()) print("exit", status.status, advice.command);
    }
    return std::cout.flush() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2 || (argv[1][0] == '-' && std::string_view(argv[1]) != "--examples")) {
        std::cerr << "usage: jwtdomain-docgen DIRECTORY | --examples\n";
        return 2;
    }
    return std::string_view(argv[1]) == "--examples" ? print_examples() : write_documents(argv[1]);
}
