/* What glibc's allocator gives out; Swift's Glibc module has no malloc.h. */
#ifndef CALLOCATION_H
#define CALLOCATION_H

#include <stdint.h>

/* By how many bytes more is in use after a function than before, over all arenas; INT64_MAX when there is no thread.
 *
 * Another function prepares the thread, which is not measured: the language's runtime has variables for each thread.
 *
 * The function runs on a new thread, which is joined. The new thread's cache of freed blocks is empty, and glibc counts
 * blocks in that cache as used: what is allocated and freed again shows as well. */
int64_t callocation_growth(
    void (*_Nonnull prepare)(void *_Nullable), void (*_Nonnull body)(void *_Nullable), void *_Nullable context);

#endif
