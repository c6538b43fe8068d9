#include <string>
#include <vector>

#include "cli/app/app.h"

int main(int argc, char** argv) {
    return jwtdomain::cli::run(std::vector<std::string>(argv + 1, argv + argc), jwtdomain::cli::real_world());
}
