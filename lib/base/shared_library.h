// A library that is loaded when it is first needed, so that it costs nothing else its start, and so that what does not
// need it runs without it.
// Internal: not installed.
#pragma once

#include <dlfcn.h>
#include <initializer_list>
#include <string>

#include "jwtdomain/base/result.h"

namespace jwtdomain {

// Stays loaded until the process ends.
class SharedLibrary {
public:
    // The first of these names that the loader finds.
    explicit SharedLibrary(std::initializer_list<const char*> names) {
        for (const char* name : names) {
            if ((handle_ = dlopen(name, RTLD_NOW | RTLD_LOCAL)) != nullptr) break;
        }
        whole_ = handle_ != nullptr;
    }

    template <class Function> void find(const char* name, Function& to) {
        to = handle_ ? reinterpret_cast<Function>(dlsym(handle_, name)) : nullptr;
        whole_ = whole_ && to != nullptr;
    }

    bool there() const { return handle_ != nullptr; }
    bool whole() const { return whole_; } // it is there, and everything that was looked for is in it

private:
    void* handle_ = nullptr;
    bool whole_ = false;
};

// The functions of one, by name: a struct of pointers.
template <class Functions> struct LoadedLibrary {
    Functions functions = {};
    bool usable = false; // all of them are there

    Result<const Functions*> get(const char* what, const char* package) const {
        if (usable) return &functions;
        return fail(Fault::unsupported, std::string(what) + " is not installed, or too old",
                    std::string("apt-get install ") + package);
    }
};

} // namespace jwtdomain
