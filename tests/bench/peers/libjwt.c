// Debian's libjwt: libjwt ALG KEY TOKENS. It checks the signature and nothing else here. Prints "COUNT ACCEPTED SECONDS", of processor time.
#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) { return (double)clock() / CLOCKS_PER_SEC; }

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    static unsigned char key[1 << 16];
    static char line[1 << 16];
    FILE* file = fopen(argv[2], "rb");
    if (!file) return 3;
    const int size = (int)fread(key, 1, sizeof key - 1, file);
    fclose(file);
    file = fopen(argv[3], "rb");
    size_t count = 0, accepted = 0;
    double spent = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        jwt_t* jwt = NULL;
        const double start = now();
        accepted += jwt_decode(&jwt, line, key, size) == 0;
        jwt_free(jwt);
        spent += now() - start;
        ++count;
    }
    fclose(file);
    printf("%zu %zu %.6f\n", count, accepted, spent);
    return 0;
}
