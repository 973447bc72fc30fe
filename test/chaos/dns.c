// Takes the names away from every process that loads it (LD_PRELOAD): while the first byte of the file CHAOS_DNS is 1, no name is resolved, as
// when the resolver is gone. Addresses still work.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile char *gone;
static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

__attribute__((constructor)) static void begin(void) {
  real = (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(RTLD_NEXT, "getaddrinfo");
  const char *path = getenv("CHAOS_DNS");
  int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void *found = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (found != MAP_FAILED) gone = found;
}

static int isAddress(const char *name) {
  unsigned char address[16];
  return name == NULL || inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found) {
  if (real == NULL) begin();
  if (gone != NULL && *gone == 1 && !isAddress(name)) return EAI_AGAIN;
  return real(name, service, hints, found);
}
