#define _GNU_SOURCE
#include "CClient.h"

#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>

int cclient_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cclient_name_thread(const char *name) {
  char cut[16];
  strncpy(cut, name, sizeof cut - 1);
  cut[sizeof cut - 1] = 0;
  pthread_setname_np(pthread_self(), cut);
}
