// The limit: the signature check or the signing alone, through OpenSSL's public EVP interface, with contexts made once.
// Usage: raw verify|sign ALG KEY.pem|secret.bin TOKENS. Prints "COUNT DONE SECONDS", of processor time.
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

static double now(void) { return (double)clock() / CLOCKS_PER_SEC; }

static EVP_MD* g_sha;
static EVP_MD_CTX* g_md;
static EVP_PKEY_CTX* g_context; // RSA, ECDSA
static EVP_MAC_CTX* g_mac;      // HMAC: initialised once, started anew for each token without setting the key again

static unsigned hash(const unsigned char* input, size_t size, unsigned char* digest) {
    unsigned written = 0;
    EVP_DigestInit_ex2(g_md, g_sha, NULL);
    EVP_DigestUpdate(g_md, input, size);
    EVP_DigestFinal_ex(g_md, digest, &written);
    return written;
}

static int check(const char* alg, EVP_PKEY* key, const unsigned char* input, size_t size, size_t i) {
    unsigned char digest[64];
    if (strcmp(alg, "HS256") == 0) {
        size_t length = 0;
        EVP_MAC_init(g_mac, NULL, 0, NULL);
        EVP_MAC_update(g_mac, input, size);
        EVP_MAC_final(g_mac, digest, &length, sizeof digest);
        return length == g_length[i] && CRYPTO_memcmp(digest, g_signature[i], length) == 0;
    }
    if (strcmp(alg, "EdDSA") == 0) {
        EVP_DigestVerifyInit(g_md, NULL, NULL, NULL, key);
        return EVP_DigestVerify(g_md, g_signature[i], g_length[i], input, size) == 1;
    }
    const unsigned written = hash(input, size, digest);
    return EVP_PKEY_verify(g_context, g_signature[i], g_length[i], digest, written) == 1;
}

static int sign(const char* alg, EVP_PKEY* key, const unsigned char* input, size_t size) {
    unsigned char digest[64], signature[1024];
    size_t length = sizeof signature;
    if (strcmp(alg, "EdDSA") == 0) {
        EVP_DigestSignInit(g_md, NULL, NULL, NULL, key);
        return EVP_DigestSign(g_md, signature, &length, input, size) == 1;
    }
    const unsigned written = hash(input, size, digest);
    return EVP_PKEY_sign(g_context, signature, &length, digest, written) == 1;
}

static void prepare(const char* alg, EVP_PKEY* key, const unsigned char* secret, size_t secret_size, int signs) {
    g_sha = EVP_MD_fetch(NULL, "SHA256", NULL);
    g_md = EVP_MD_CTX_new();
    if (!key) {
        const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", (char*)"SHA256", 0),
                                     OSSL_PARAM_construct_end()};
        g_mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
        EVP_MAC_init(g_mac, secret, secret_size, params);
    } else if (strcmp(alg, "EdDSA") != 0) {
        g_context = EVP_PKEY_CTX_new(key, NULL);
        if (signs) EVP_PKEY_sign_init(g_context);
        else EVP_PKEY_verify_init(g_context);
        EVP_PKEY_CTX_set_signature_md(g_context, g_sha);
    }
}

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    const int signs = strcmp(argv[1], "sign") == 0;
    const char* const alg = argv[2];
    unsigned char secret[256];
    size_t secret_size = 0;
    EVP_PKEY* key = NULL;
    FILE* file = fopen(argv[3], "rb");
    if (!file) return 3;
    if (strcmp(alg, "HS256") == 0) secret_size = fread(secret, 1, sizeof secret, file);
    else if (signs) key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    else key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    file = fopen(argv[4], "rb");
    if (!file) return 3;
    static char line[1 << 16];
    size_t count = 0, done = 0;
    while (count < kMax && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        char* dot = strrchr(line, '.');
        g_token[count] = strdup(line);
        g_input[count] = (size_t)(dot - line);
        unsigned char raw[1024];
        g_length[count] = decode(dot + 1, strlen(dot + 1), raw);
        if (strcmp(alg, "ES256") == 0) g_length[count] = to_der(raw, g_length[count], &g_signature[count]);
        else g_signature[count] = memcpy(malloc(g_length[count]), raw, g_length[count]);
        ++count;
    }
    fclose(file);
    prepare(alg, key, secret, secret_size, signs);
    const double start = now();
    for (size_t i = 0; i < count; ++i) {
        const unsigned char* input = (const unsigned char*)g_token[i];
        done += signs ? sign(alg, key, input, g_input[i]) : check(alg, key, input, g_input[i], i);
    }
    printf("%zu %zu %.6f\n", count, done, now() - start);
    return 0;
}
