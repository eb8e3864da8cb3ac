/* What the client library needs of glibc and Swift's Glibc module leaves out, as it is declared for _GNU_SOURCE only. */
#ifndef CCLIENT_H
#define CCLIENT_H

/* The processor that the calling thread runs on, -1 when it cannot be known (sched_getcpu(3)). */
static inline int cclient_processor(void) {
  extern int sched_getcpu(void);
  return sched_getcpu();
}

/* A new eventfd(2) that does not block and is closed on exec; -1 with errno on failure. */
int cclient_event(void);

/* Names the calling thread; of a longer name the first 15 bytes count. */
void cclient_name_thread(const char *_Nonnull name);

#endif
