#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "CCurl.h"
#include "setup.h"

static int64_t now_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void explain(struct deptop_tls_result *result, const char *reason) {
  snprintf(result->reason, sizeof result->reason, "%s", reason);
}

// libcurl closes what it is given: it gets a descriptor of its own, and only once.
static curl_socket_t hand_over(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  (void)address;
  int *descriptor = context;
  if (*descriptor < 0) return CURL_SOCKET_BAD;
  int copy = fcntl(*descriptor, F_DUPFD_CLOEXEC, 0);
  *descriptor = -1;
  return copy < 0 ? CURL_SOCKET_BAD : copy;
}

static int is_connected(void *context, curl_socket_t descriptor, curlsocktype purpose) {
  (void)context;
  (void)descriptor;
  (void)purpose;
  return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static bool prepare(CURL *easy, const struct deptop_tls *tls, struct curl_slist *targets, int *descriptor,
                    char *reason) {
  long timeout = (long)(tls->timeout_milliseconds < 1 ? 1 : tls->timeout_milliseconds);
  bool ok = curl_easy_setopt(easy, CURLOPT_URL, tls->url) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_CONNECT_TO, targets) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, hand_over) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, descriptor) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, is_connected) == CURLE_OK;
  // The time is asked for, not the trust: an application may trust what this process does not.
  ok = ok && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK;
  ok = ok && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason);
  return ok;
}

// Waits on the transfer and on the cancellation.
static CURLcode connect_to(CURLM *multi, const struct deptop_tls *tls, struct deptop_tls_result *result) {
  struct curl_waitfd cancel = {.fd = tls->cancel_descriptor, .events = CURL_WAIT_POLLIN};
  int running = 1;
  while (running > 0) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    cancel.revents = 0;
    unsigned int others = tls->cancel_descriptor >= 0 ? 1 : 0;
    if (curl_multi_poll(multi, &cancel, others, 1000, NULL) != CURLM_OK) return CURLE_FAILED_INIT;
    if (others > 0 && cancel.revents != 0) {
      result->is_cancelled = true;
      return CURLE_ABORTED_BY_CALLBACK;
    }
  }
  int left = 0;
  CURLMsg *message;
  CURLcode code = CURLE_FAILED_INIT;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  return code;
}

// Waits until the connection may be read (or written); false when the time is up or the wait is cancelled.
static bool wait_for(const struct deptop_tls *tls, short events, int64_t end, struct deptop_tls_result *result) {
  struct pollfd entries[2] = {{.fd = tls->descriptor, .events = events},
                              {.fd = tls->cancel_descriptor, .events = POLLIN}};
  for (;;) {
    int64_t left = (end - now_microseconds() + 999) / 1000;
    if (left <= 0) {
      explain(result, "no answer in time");
      return false;
    }
    int count = poll(entries, 2, (int)(left > 60000 ? 60000 : left));
    if (count < 0 && errno != EINTR) {
      explain(result, strerror(errno));
      return false;
    }
    if (count > 0 && entries[1].revents != 0) {
      result->is_cancelled = true;
      return false;
    }
    if (count > 0) return true;
  }
}

static bool send_request(CURL *easy, const struct deptop_tls *tls, int64_t end, struct deptop_tls_result *result) {
  size_t sent = 0;
  while (sent < tls->request_size) {
    size_t count = 0;
    CURLcode code = curl_easy_send(easy, tls->request + sent, tls->request_size - sent, &count);
    sent += count;
    if (code == CURLE_AGAIN) {
      if (!wait_for(tls, POLLOUT, end, result)) return false;
    } else if (code != CURLE_OK) {
      explain(result, curl_easy_strerror(code));
      return false;
    }
  }
  return true;
}

static void time_first_byte(CURL *easy, const struct deptop_tls *tls, struct deptop_tls_result *result) {
  int64_t start = now_microseconds();
  int64_t end = start + tls->timeout_milliseconds * 1000;
  if (!send_request(easy, tls, end, result)) return;
  for (;;) {
    char byte;
    size_t count = 0;
    CURLcode code = curl_easy_recv(easy, &byte, 1, &count);
    if (code == CURLE_OK && count > 0) {
      result->first_byte_microseconds = now_microseconds() - start;
      return;
    }
    if (code == CURLE_OK || code != CURLE_AGAIN) {
      explain(result, code == CURLE_OK ? "the peer ended the connection without a byte" : curl_easy_strerror(code));
      return;
    }
    // A TLS message without data of the peer, such as a session ticket, only leads to another wait.
    if (!wait_for(tls, POLLIN, end, result)) return;
  }
}

static void perform(CURLM *multi, CURL *easy, const struct deptop_tls *tls, struct deptop_tls_result *result) {
  char reason[CURL_ERROR_SIZE] = "";
  int descriptor = tls->descriptor;
  struct curl_slist *targets = curl_slist_append(NULL, tls->target);
  if (targets == NULL || !prepare(easy, tls, targets, &descriptor, reason) ||
      curl_multi_add_handle(multi, easy) != CURLM_OK) {
    explain(result, "libcurl does not take the handshake on");
    curl_slist_free_all(targets);
    return;
  }
  int64_t start = now_microseconds();
  CURLcode code = connect_to(multi, tls, result);
  if (code == CURLE_OK) {
    result->handshake_microseconds = now_microseconds() - start;
    if (tls->wants_first_byte) time_first_byte(easy, tls, result);
  } else if (code == CURLE_OPERATION_TIMEDOUT) {
    explain(result, "no handshake in time");
  } else {
    explain(result, reason[0] != 0 ? reason : curl_easy_strerror(code));
  }
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
  curl_multi_remove_handle(multi, easy);
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, NULL);
  curl_slist_free_all(targets);
}

void deptop_tls_perform(const struct deptop_tls *tls, struct deptop_tls_result *result) {
  memset(result, 0, sizeof *result);
  result->handshake_microseconds = -1;
  result->first_byte_microseconds = -1;
  CURLM *multi = deptop_curl_set_up() ? curl_multi_init() : NULL;
  CURL *easy = multi == NULL ? NULL : curl_easy_init();
  if (easy == NULL) {
    explain(result, "libcurl cannot be set up");
  } else {
    perform(multi, easy, tls, result);
    curl_easy_cleanup(easy);
  }
  if (multi != NULL) curl_multi_cleanup(multi);
}
