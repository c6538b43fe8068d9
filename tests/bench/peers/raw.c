// The limit: the signature check alone, through OpenSSL's public EVP interface, with contexts made once. Usage: raw ALG KEY.pem|secret.bin TOKENS
// Prints "COUNT ACCEPTED SECONDS".
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kMax = 1 << 20 };
static unsigned char* g_signature[kMax];
static char* g_token[kMax];
static size_t g_input[kMax], g_length[kMax];

static int value(int c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : 63;
}

static size_t decode(const char* text, size_t size, unsigned char* out) {
    size_t done = 0;
    unsigned group = 0, bits = 0;
    for (size_t i = 0; i < size; ++i) {
        group = (group << 6) | (unsigned)value(text[i]);
        bits += 6;
        if (bits >= 8) out[done++] = (unsigned char)(group >> (bits -= 8));
    }
    return done;
}

// r||s to DER, once, before the clock starts: the limit does not pay for it.
static size_t to_der(unsigned char* raw, size_t size, unsigned char** out) {
    ECDSA_SIG* sig = ECDSA_SIG_new();
    ECDSA_SIG_set0(sig, BN_bin2bn(raw, (int)size / 2, NULL), BN_bin2bn(raw + size / 2, (int)size / 2, NULL));
    *out = NULL;
    const size_t length = (size_t)i2d_ECDSA_SIG(sig, out);
    ECDSA_SIG_free(sig);
    return length;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int hmac = strcmp(argv[1], "HS256") == 0, eddsa = strcmp(argv[1], "EdDSA") == 0, ecdsa = strcmp(argv[1], "ES256") == 0;
    unsigned char secret[256];
    size_t secret_size = 0;
    EVP_PKEY* key = NULL;
    FILE* file = fopen(argv[2], "rb");
    if (!file) return 3;
    if (hmac) secret_size = fread(secret, 1, sizeof secret, file);
    else key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    file = fopen(argv[3], "rb");
    static char line[1 << 16];
    size_t count = 0, accepted = 0;
    while (count < kMax && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        char* dot = strrchr(line, '.');
        g_token[count] = strdup(line);
        g_input[count] = (size_t)(dot - line);
        unsigned char raw[1024];
        g_length[count] = decode(dot + 1, strlen(dot + 1), raw);
        if (ecdsa) g_length[count] = to_der(raw, g_length[count], &g_signature[count]);
        else g_signature[count] = memcpy(malloc(g_length[count]), raw, g_length[count]);
        ++count;
    }
    fclose(file);
    EVP_MD* sha = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX* md = EVP_MD_CTX_new();
    EVP_PKEY_CTX* ctx = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    if (key && !eddsa) EVP_PKEY_verify_init(ctx), EVP_PKEY_CTX_set_signature_md(ctx, sha);
    // HMAC: one initialised context, started anew for each token without setting the key again.
    EVP_MAC* mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX* mac_ctx = EVP_MAC_CTX_new(mac);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", (char*)"SHA256", 0), OSSL_PARAM_construct_end()};
    if (hmac) EVP_MAC_init(mac_ctx, secret, secret_size, params);
    const double start = now();
    for (size_t i = 0; i < count; ++i) {
        const unsigned char* input = (const unsigned char*)g_token[i];
        unsigned char digest[64];
        unsigned size = 0;
        if (hmac) {
            size_t length = 0;
            EVP_MAC_init(mac_ctx, NULL, 0, NULL);
            EVP_MAC_update(mac_ctx, input, g_input[i]);
            EVP_MAC_final(mac_ctx, digest, &length, sizeof digest);
            accepted += length == g_length[i] && CRYPTO_memcmp(digest, g_signature[i], length) == 0;
        } else if (eddsa) {
            EVP_DigestVerifyInit(md, NULL, NULL, NULL, key);
            accepted += EVP_DigestVerify(md, g_signature[i], g_length[i], input, g_input[i]) == 1;
        } else {
            EVP_DigestInit_ex2(md, sha, NULL);
            EVP_DigestUpdate(md, input, g_input[i]);
            EVP_DigestFinal_ex(md, digest, &size);
            accepted += EVP_PKEY_verify(ctx, g_signature[i], g_length[i], digest, size) == 1;
        }
    }
    printf("%zu %zu %.6f\n", count, accepted, now() - start);
    return 0;
}
