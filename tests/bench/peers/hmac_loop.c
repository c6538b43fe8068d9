// What a guesser reaches with OpenSSL's one-shot HMAC(). Usage: hmac_loop TOKEN WORDS. Prints "COUNT FOUND SECONDS", of
// processor time.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char* all_of(const char* path, size_t* size) {
    FILE* file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char* text = malloc(*size + 1);
    if (fread(text, 1, *size, file) != *size) exit(1);
    text[*size] = 0;
    fclose(file);
    return text;
}

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    size_t size, length;
    const char* token = all_of(argv[1], &length);
    const char* words = all_of(argv[2], &size);
    const size_t input = (size_t)(strrchr(token, '.') - token);
    // Of the wanted result the first three octets, as base64url has them, are enough to count what is found.
    static const char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned group = 0;
    for (int i = 1; i <= 4; ++i) group = group << 6 | (unsigned)(strchr(kDigits, token[input + (size_t)i]) - kDigits);
    const unsigned char wanted[3] = {(unsigned char)(group >> 16), (unsigned char)(group >> 8), (unsigned char)group};
    long count = 0, found = 0;
    const clock_t begun = clock();
    for (const char* at = words; at < words + size;) {
        const char* end = memchr(at, '\n', (size_t)(words + size - at));
        unsigned char result[32];
        HMAC(EVP_sha256(), at, (int)(end - at), (const unsigned char*)token, input, result, NULL);
        found += memcmp(result, wanted, 3) == 0;
        ++count;
        at = end + 1;
    }
    printf("%ld %ld %.6f\n", count, found, (double)(clock() - begun) / CLOCKS_PER_SEC);
    return 0;
}
