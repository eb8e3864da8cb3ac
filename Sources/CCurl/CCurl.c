#include "CCurl.h"
#include "setup.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct deptop_http {
  CURLM *multi;
  CURL *easy;
  struct curl_slist *headers;
  bool has_content_type;
  bool has_body;
  uint8_t *body;
  size_t body_size;
  size_t body_capacity;
  size_t body_limit;
  bool is_too_large;
  bool has_tls_begun;
  atomic_bool is_cancelled;
  char reason[CURL_ERROR_SIZE];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode initialized = CURLE_FAILED_INIT;

// libcurl asks that this happens once, before any other thread uses it.
static void initialize(void) { initialized = curl_global_init(CURL_GLOBAL_DEFAULT); }

bool deptop_curl_set_up(void) {
  pthread_once(&once, initialize);
  return initialized == CURLE_OK;
}

struct deptop_http *deptop_http_create(void) {
  if (!deptop_curl_set_up()) return NULL;
  struct deptop_http *http = calloc(1, sizeof *http);
  if (http == NULL) return NULL;
  atomic_init(&http->is_cancelled, false);
  http->multi = curl_multi_init();
  http->easy = curl_easy_init();
  if (http->multi == NULL || http->easy == NULL) {
    deptop_http_destroy(http);
    return NULL;
  }
  curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, 1L);
  return http;
}

static void forget(struct deptop_http *http) {
  curl_slist_free_all(http->headers);
  http->headers = NULL;
  http->has_content_type = false;
  http->has_body = false;
  http->body_size = 0;
  http->is_too_large = false;
  http->has_tls_begun = false;
  http->reason[0] = 0;
}

void deptop_http_destroy(struct deptop_http *http) {
  if (http->easy != NULL) curl_easy_cleanup(http->easy);
  if (http->multi != NULL) curl_multi_cleanup(http->multi);
  forget(http);
  free(http->body);
  free(http);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  struct deptop_http *http = context;
  size_t added = size * count;
  if (added > http->body_limit - http->body_size) {
    http->is_too_large = true;
    return 0;
  }
  if (added > http->body_capacity - http->body_size) {
    size_t capacity = http->body_size + added < 4096 ? 4096 : (http->body_size + added) * 2;
    uint8_t *larger = realloc(http->body, capacity);
    if (larger == NULL) return 0;
    http->body = larger;
    http->body_capacity = capacity;
  }
  memcpy(http->body + http->body_size, bytes, added);
  http->body_size += added;
  return added;
}

// libcurl tells of the connection's end only with the handshake's: that it has begun is told by this callback.
static CURLcode begin_tls(CURL *easy, void *tls, void *context) {
  (void)easy;
  (void)tls;
  ((struct deptop_http *)context)->has_tls_begun = true;
  return CURLE_OK;
}

bool deptop_http_begin(struct deptop_http *http, const char *method, const char *url) {
  CURL *easy = http->easy;
  curl_easy_reset(easy);
  forget(http);
  bool ok = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
  if (strcmp(method, "GET") == 0) {
    ok = ok && curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
  } else {
    http->has_body = true;
    ok = ok && curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)0) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, "") == CURLE_OK;
  }
  ok = ok && curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK;
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Else a name server that does not answer would hold a cancelled request.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->reason);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, begin_tls);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http);
  return ok;
}

bool deptop_http_add_header(struct deptop_http *http, const char *line) {
  struct curl_slist *longer = curl_slist_append(http->headers, line);
  if (longer == NULL) return false;
  http->headers = longer;
  if (strncasecmp(line, "content-type:", 13) == 0) http->has_content_type = true;
  return true;
}

bool deptop_http_set_body(struct deptop_http *http, const uint8_t *bytes, size_t size) {
  return curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size) == CURLE_OK &&
         curl_easy_setopt(http->easy, CURLOPT_COPYPOSTFIELDS, bytes == NULL ? (const void *)"" : bytes) == CURLE_OK;
}

bool deptop_http_set_unix_socket(struct deptop_http *http, const char *path) {
  return curl_easy_setopt(http->easy, CURLOPT_UNIX_SOCKET_PATH, path) == CURLE_OK;
}

bool deptop_http_set_credentials(struct deptop_http *http, const char *user, const char *password) {
  return curl_easy_setopt(http->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
         curl_easy_setopt(http->easy, CURLOPT_USERNAME, user) == CURLE_OK &&
         curl_easy_setopt(http->easy, CURLOPT_PASSWORD, password) == CURLE_OK;
}

bool deptop_http_set_fresh_connection(struct deptop_http *http) {
  return curl_easy_setopt(http->easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
         curl_easy_setopt(http->easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
}

// Runs the transfer; a cancellation wakes the wait, so that it ends at once and not at the next timer.
static CURLcode transfer(struct deptop_http *http, bool *is_cancelled) {
  if (curl_multi_add_handle(http->multi, http->easy) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode code = CURLE_FAILED_INIT;
  int running = 1;
  while (running > 0) {
    if (atomic_exchange(&http->is_cancelled, false)) {
      *is_cancelled = true;
      break;
    }
    if (curl_multi_perform(http->multi, &running) != CURLM_OK) break;
    if (running > 0 && curl_multi_poll(http->multi, NULL, 0, 1000, NULL) != CURLM_OK) break;
  }
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  curl_multi_remove_handle(http->multi, http->easy);
  return code;
}

static deptop_http_outcome outcome(CURLcode code, const struct deptop_http_result *result) {
  switch (code) {
    case CURLE_OK: return deptop_http_answered;
    case CURLE_OPERATION_TIMEDOUT: return deptop_http_timed_out;
    case CURLE_FILESIZE_EXCEEDED: return deptop_http_too_large;
    case CURLE_URL_MALFORMAT: return deptop_http_bad_url;
    // Also said of an answer that is no HTTP.
    case CURLE_UNSUPPORTED_PROTOCOL:
      return result->request_microseconds > 0 ? deptop_http_malformed : deptop_http_bad_url;
    case CURLE_RECV_ERROR: return result->status > 0 ? deptop_http_malformed : deptop_http_unreachable;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return deptop_http_tls_failed;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2: return deptop_http_malformed;
    default: return deptop_http_unreachable;
  }
}

static int64_t microseconds(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

static void describe(struct deptop_http *http, struct deptop_http_result *result) {
  CURL *easy = http->easy;
  long status = 0;
  long connections = 0;
  char *content_type = NULL;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &content_type);
  result->status = (int32_t)status;
  result->content_type = content_type;
  result->body = http->body;
  result->body_size = http->body_size;
  result->is_new_connection = connections > 0;
  result->has_tls_begun = http->has_tls_begun;
  result->name_microseconds = microseconds(easy, CURLINFO_NAMELOOKUP_TIME_T);
  result->connect_microseconds = microseconds(easy, CURLINFO_CONNECT_TIME_T);
  result->tls_microseconds = microseconds(easy, CURLINFO_APPCONNECT_TIME_T);
  result->request_microseconds = microseconds(easy, CURLINFO_PRETRANSFER_TIME_T);
  result->first_byte_microseconds = microseconds(easy, CURLINFO_STARTTRANSFER_TIME_T);
  result->total_microseconds = microseconds(easy, CURLINFO_TOTAL_TIME_T);
}

void deptop_http_perform(struct deptop_http *http, int64_t timeout_milliseconds, size_t body_limit,
                         struct deptop_http_result *result) {
  CURL *easy = http->easy;
  http->body_limit = body_limit;
  if (http->has_body && !http->has_content_type) deptop_http_add_header(http, "Content-Type:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(timeout_milliseconds < 1 ? 1 : timeout_milliseconds));
  // The default of 300 s for the connection alone never counts: the whole time is shorter.
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(timeout_milliseconds < 1 ? 1 : timeout_milliseconds));
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)body_limit);
  memset(result, 0, sizeof *result);
  bool is_cancelled = false;
  CURLcode code = transfer(http, &is_cancelled);
  describe(http, result);
  result->outcome = is_cancelled        ? deptop_http_cancelled
                    : http->is_too_large ? deptop_http_too_large
                                         : outcome(code, result);
  if (result->outcome != deptop_http_answered) {
    result->reason = http->reason[0] != 0 ? http->reason : curl_easy_strerror(code);
  }
}

void deptop_http_cancel(struct deptop_http *http) {
  atomic_store(&http->is_cancelled, true);
  curl_multi_wakeup(http->multi);
}

void deptop_http_forget_cancellation(struct deptop_http *http) { atomic_store(&http->is_cancelled, false); }
