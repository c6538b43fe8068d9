// A policy as it stood in a revision of git: read out of the object store, without a checkout, a shell or the network.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {

class Revision {
public:
    // `directory` is the policy's as it is now, inside of `tree`, a work tree: its place in the revision is the same.
    // Faults: not_found (no such revision), no_input (it has no policy there), and those of running git.
    static Result<Revision> open(const std::string& name, const std::string& tree, const std::string& directory);

    const std::string& id() const { return id_; }               // of the commit, in hexadecimal
    const std::string& directory() const { return directory_; } // "NAME:jwtdomain": it names files in errors

    // Files below directory() are those of the revision, as are others of the work tree by their absolute paths. What
    // is outside of it has no history, and is read as it is now. This must outlive the reader.
    policy::Reader reader() const;

private:
    struct Object {
        std::string type; // "blob", "tree", "missing", "symlink", ...
        std::string id;
        std::string content; // if it was asked for
    };
    enum class Ask { type, content };

    Revision(std::string name, std::string tree) : name_(std::move(name)), tree_(std::move(tree)) {}
    Status find_commit();
    Status find_policy(const std::string& directory);
    Result<std::string> git(const std::vector<std::string>& words, std::string_view input) const;
    Result<std::vector<Object>> objects(Ask what, const std::vector<std::string>& names) const;
    Result<std::string> read(const std::string& path) const;
    Result<std::vector<std::string>> glob(const std::string& directory, const std::vector<std::string>& patterns) const;
    Status remember(const std::vector<std::string>& paths) const;
    std::string path_in_tree(const std::string& path) const; // empty: outside of it

    std::string name_, tree_, id_, directory_;
    std::string place_;                           // of the policy in the tree; empty: its root
    mutable std::map<std::string, Object> known_; // by path in the tree: what glob() finds is read at once
};

// What git knows of the work tree that holds a directory.
struct TreeState {
    std::string head;      // the commit, in hexadecimal
    bool modified = false; // something below the directory is not as it was committed
};
std::optional<TreeState> tree_state(const std::string& directory); // nullopt: nothing

} // namespace jwtdomain::cli
