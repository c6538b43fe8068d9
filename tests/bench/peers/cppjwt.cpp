// Debian's cpp-jwt: cppjwt ALG KEY TOKENS ISSUER AUDIENCE. Prints "COUNT ACCEPTED SECONDS", of processor time.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <jwt/jwt.hpp>

int main(int argc, char** argv) {
    if (argc != 6) return 2;
    std::ifstream key_file(argv[2], std::ios::binary), token_file(argv[3]);
    const std::string key{std::istreambuf_iterator<char>(key_file), {}};
    std::vector<std::string> tokens;
    for (std::string line; std::getline(token_file, line);) tokens.push_back(line);
    std::size_t accepted = 0;
    const std::clock_t start = std::clock();
    for (const std::string& token : tokens) {
        std::error_code error;
        using namespace jwt::params;
        const auto object =
            jwt::decode(token, algorithms({argv[1]}), error, secret(key), issuer(argv[4]), aud(argv[5]));
        accepted += !error;
    }
    const double spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%zu %zu %.6f\n", tokens.size(), accepted, spent);
}
