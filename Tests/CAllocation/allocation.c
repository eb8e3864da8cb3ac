#include "CAllocation.h"

#include <malloc.h>
#include <pthread.h>

struct run {
  void (*prepare)(void *);
  void (*body)(void *);
  void *context;
  int64_t growth;
};

static int64_t bytes_in_use(void) { return (int64_t)mallinfo2().uordblks; }

static void *measure(void *argument) {
  struct run *run = argument;
  run->prepare(run->context);
  int64_t before = bytes_in_use();
  run->body(run->context);
  run->growth = bytes_in_use() - before;
  return 0;
}

int64_t callocation_growth(void (*prepare)(void *), void (*body)(void *), void *context) {
  struct run run = {prepare, body, context, INT64_MAX};
  pthread_t thread;
  if (pthread_create(&thread, 0, measure, &run) == 0) pthread_join(thread, 0);
  return run.growth;
}
