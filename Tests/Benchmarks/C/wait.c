#include "CBenchmarks.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

int cbench_wait(int32_t pid, int64_t *cpu_microseconds, int32_t *status) {
  struct rusage usage;
  int wait_status;
  while (wait4(pid, &wait_status, 0, &usage) < 0) {
    if (errno != EINTR) return -errno;
  }
  *cpu_microseconds = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
  *status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
  return 0;
}
