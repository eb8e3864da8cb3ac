#define _GNU_SOURCE
#include "CNamespace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  int32_t process;
  int32_t family;
  int32_t type;
  int32_t result;
};

static void *open_there(void *context) {
  struct request *request = context;
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/net", (int)request->process);
  int namespace = open(path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) {
    request->result = -errno;
    return NULL;
  }
  int descriptor = setns(namespace, CLONE_NEWNET);
  if (descriptor == 0) {
    descriptor = socket(request->family, request->type | SOCK_CLOEXEC, 0);
  }
  request->result = descriptor < 0 ? -errno : descriptor;
  close(namespace);
  return NULL;
}

int32_t deptop_test_socket_in(int32_t process, int32_t family, int32_t type) {
  struct request request = {.process = process, .family = family, .type = type, .result = -ENOMEM};
  pthread_t thread;
  int status = pthread_create(&thread, NULL, open_there, &request);
  if (status != 0) {
    return -status;
  }
  pthread_join(thread, NULL);
  return request.result;
}
