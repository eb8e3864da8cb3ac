#ifndef DEPTOP_CCURL_SETUP_H
#define DEPTOP_CCURL_SETUP_H

#include <stdbool.h>

/// Sets libcurl up, once; false when that failed. May be called from any thread.
bool deptop_curl_set_up(void);

#endif
