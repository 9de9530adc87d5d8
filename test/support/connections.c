// Preloaded into a process (LD_PRELOAD): every look-up of a host and every connection to one is written to the file that
// CONNECTIONS names, a line each, and refused. Unlike a hook on Node's modules it sees native code too.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *what, const char *whom) {
  char line[512];
  int length = snprintf(line, sizeof line, "%s %s\n", what, whom ? whom : "-");
  const char *path = getenv("CONNECTIONS");
  int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
  if (file < 0) return;
  if (write(file, line, (size_t)length) < 0) abort();
  close(file);
}

static int is_network(const struct sockaddr *to) {
  return to && (to->sa_family == AF_INET || to->sa_family == AF_INET6);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  (void)service, (void)hints, (void)found;
  note("look-up", node);
  return EAI_FAIL;
}

struct hostent *gethostbyname(const char *name) {
  note("look-up", name);
  return NULL;
}

int connect(int socket, const struct sockaddr *to, socklen_t length) {
  static int (*real)(int, const struct sockaddr *, socklen_t);
  if (is_network(to)) {
    note("connect", to->sa_family == AF_INET ? "IPv4" : "IPv6");
    errno = ENETUNREACH;
    return -1;
  }
  if (!real) real = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
  return real(socket, to, length);
}

ssize_t sendto(int socket, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
  static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
  if (is_network(to)) {
    note("send", to->sa_family == AF_INET ? "IPv4" : "IPv6");
    errno = ENETUNREACH;
    return -1;
  }
  if (!real)
    real = (ssize_t(*)(int, const void *, size_t, int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "sendto");
  return real(socket, data, size, flags, to, length);
}
