// A policy in memory, for tests.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "jwtdomain/policy/load.h"

namespace jwtdomain::policy::test {

using Files = std::map<std::string, std::string>;

// Enough of store::glob: every file below the directory of each pattern.
inline Reader reader_of(const Files& files, std::vector<std::string>* asked = nullptr) {
    Reader reader;
    reader.read = [&files, asked](const std::string& path) -> Result<std::string> {
        if (asked != nullptr) asked->push_back(path);
        const auto found = files.find(path);
        if (found == files.end()) return fail(Fault::not_found, "there is no file " + path);
        return found->second;
    };
    reader.glob = [&files](const std::string& directory,
                           const std::vector<std::string>& patterns) -> Result<std::vector<std::string>> {
        std::vector<std::string> out;
        for (const auto& [path, text] : files) {
            if (path.rfind(directory + "/", 0) != 0) continue;
            const std::string relative = path.substr(directory.size() + 1);
            const bool matched = std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
                const std::string start = pattern.substr(0, pattern.find('*'));
                const std::string end = pattern.substr(pattern.rfind('*') + 1);
                return relative.rfind(start, 0) == 0 && relative.size() >= end.size() &&
                       relative.substr(relative.size() - end.size()) == end;
            });
            if (matched) out.push_back(path);
        }
        return out;
    };
    return reader;
}

// The files of tests/data/NAME, under the directory "p".
inline Files data_files(const std::string& name, const std::vector<std::string>& paths) {
    Files files;
    for (const std::string& path : paths) {
        std::ifstream in(std::string(TEST_DATA) + "/" + name + "/" + path);
        std::stringstream text;
        text << in.rdbuf();
        files["p/" + path] = text.str();
    }
    return files;
}

} // namespace jwtdomain::policy::test
