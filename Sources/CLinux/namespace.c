#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* What is done inside of a namespace. */
struct visit {
  int namespace_descriptor;
  int64_t (*body)(const struct visit *);
  /* For a socket. */
  int family, type, protocol;
  /* For a file. */
  const char *path;
  void *buffer;
  size_t capacity;
  int64_t result;
};

static int64_t open_socket(const struct visit *visit) {
  int descriptor = socket(visit->family, visit->type | SOCK_CLOEXEC, visit->protocol);
  return descriptor < 0 ? -errno : descriptor;
}

static int64_t read_file(const struct visit *visit) {
  int descriptor = open(visit->path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  ssize_t length;
  do {
    length = read(descriptor, visit->buffer, visit->capacity);
  } while (length < 0 && errno == EINTR);
  int64_t result = length < 0 ? -errno : length;
  close(descriptor);
  return result;
}

static void *enter(void *argument) {
  struct visit *visit = argument;
  visit->result =
      setns(visit->namespace_descriptor, CLONE_NEWNET) < 0 ? -errno : visit->body(visit);
  return NULL;
}

/* The namespace is the thread's alone and ends with it, so that no other code ever runs in it. */
static int64_t run(struct visit *visit) {
  if (visit->namespace_descriptor < 0) return visit->body(visit);
  sigset_t all, before;
  sigfillset(&all);
  /* The thread inherits the mask: no signal is handled inside of the namespace. */
  int status = pthread_sigmask(SIG_SETMASK, &all, &before);
  if (status != 0) return -status;
  pthread_t thread;
  status = pthread_create(&thread, NULL, enter, visit);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (status != 0) return -status;
  status = pthread_join(thread, NULL);
  return status != 0 ? -status : visit->result;
}

int clinux_namespace_socket(int namespace_descriptor, int family, int type, int protocol) {
  struct visit visit = {
      .namespace_descriptor = namespace_descriptor,
      .body = open_socket,
      .family = family,
      .type = type,
      .protocol = protocol,
  };
  return (int)run(&visit);
}

int64_t clinux_namespace_read(int namespace_descriptor, const char *path, void *buffer, size_t capacity) {
  struct visit visit = {
      .namespace_descriptor = namespace_descriptor,
      .body = read_file,
      .path = path,
      .buffer = buffer,
      .capacity = capacity,
  };
  return run(&visit);
}
