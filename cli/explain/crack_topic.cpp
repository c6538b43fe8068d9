#include "cli/explain/crack_topic.h"

#include <fmt/format.h>

#include "jwtdomain/jwt/known_keys.h"

namespace jwtdomain::cli {

std::vector<PageTable> crack_tables() {
    PageTable published{"Published secrets (KEY-05), and where they are written", {}};
    const KnownKey* last = nullptr;
    for (const KnownSecret& known : known_secrets()) {
        if (known.key != last)
            published.rows.push_back({"", fmt::format("{}: {}", known.key->name, known.key->source)});
        last = known.key;
    }
    return {
        {"What is tried, in this order",
         {{"published", fmt::format("{} secrets, each as it is, with and without a newline, and as hexadecimal and "
                                    "base64 that was decoded, or was not",
                                    known_secrets().size())},
          {"empty", "the empty secret"},
          {"words", fmt::format("{} words of the secrets that people make up, alone and two together (my-secret, "
                                "mySecret, ...), with common ends",
                                secret_words().size())},
          {"lists", "each line of the files of --wordlist, with --mutate also varied"}}},
        {"How a word is varied",
         {{"letters", "in small letters, capitalised, in capitals, with digits and signs for letters (p@$$w0rd)"},
          {"ends", "each of these with 1, 123, !, a year, a newline and more behind it"},
          {"length", "twice, and repeated to 32 octets, as HS256 asks for"}}},
        {"What is found",
         {{"KEY-05", "the secret is one of those below: everybody has it"},
          {"KEY-06", "it is another: it can be guessed"},
          {"critical", "a service of the policy takes what is signed with it: whoever guesses it is anybody there"},
          {"high", "none does, as far as the policy knows"}}},
        published,
    };
}

} // namespace jwtdomain::cli
