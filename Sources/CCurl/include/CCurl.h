#ifndef DEPTOP_CCURL_H
#define DEPTOP_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One HTTP conversation after the other over a connection that is kept, driven by one thread.
struct deptop_http;

/// How a request ended.
typedef enum __attribute__((enum_extensibility(closed))) {
  /// There is an answer, whatever its status.
  deptop_http_answered,
  /// The host has no address, or nothing answers there.
  deptop_http_unreachable,
  deptop_http_timed_out,
  /// The answer's body is larger than the limit.
  deptop_http_too_large,
  /// No TLS session, or a certificate that is not trusted.
  deptop_http_tls_failed,
  deptop_http_bad_url,
  deptop_http_cancelled,
  /// What came is no HTTP, or ended in the middle.
  deptop_http_malformed,
} deptop_http_outcome;

struct deptop_http_result {
  deptop_http_outcome outcome;
  /// Why there is no answer, in libcurl's words; valid until the next call, NULL for an answer.
  const char *_Nullable reason;
  int32_t status;
  /// NULL when the answer has none; valid until the next call.
  const char *_Nullable content_type;
  /// The decoded body; valid until the next call.
  const uint8_t *_Nullable body;
  size_t body_size;
  /// False when a kept connection was used.
  bool is_new_connection;
  /// True when the connection was there and its TLS handshake began.
  bool has_tls_begun;
  /// Times since the start in microseconds; 0 for what was not reached.
  int64_t name_microseconds;
  int64_t connect_microseconds;
  int64_t tls_microseconds;
  int64_t request_microseconds;
  int64_t first_byte_microseconds;
  int64_t total_microseconds;
};

/// Makes one without a request; NULL when there is no memory. May be called from any thread.
struct deptop_http *_Nullable deptop_http_create(void);

/// Closes the kept connection and frees everything, including the last result.
void deptop_http_destroy(struct deptop_http *http);

/// Forgets the last request and its result, and starts another; false when there is no memory.
///
/// The method is `GET`, `POST` or `PUT`; the scheme is `http` or `https`. Redirects are not followed, and no proxy
/// is taken from the environment.
bool deptop_http_begin(struct deptop_http *http, const char *method, const char *url);

/// Adds a header line, `Name: value`.
bool deptop_http_add_header(struct deptop_http *http, const char *line);

/// Sends a copy of these bytes.
bool deptop_http_set_body(struct deptop_http *http, const uint8_t *_Nullable bytes, size_t size);

/// Connects to a Unix socket instead of to the URL's host.
bool deptop_http_set_unix_socket(struct deptop_http *http, const char *path);

/// Logs in by basic authentication.
bool deptop_http_set_credentials(struct deptop_http *http, const char *user, const char *password);

/// Neither uses a kept connection nor keeps this one.
bool deptop_http_set_fresh_connection(struct deptop_http *http);

/// Carries the request out within so many milliseconds (at least 1), and reads at most `body_limit` decoded bytes.
void deptop_http_perform(struct deptop_http *http, int64_t timeout_milliseconds, size_t body_limit,
                         struct deptop_http_result *result);

/// Makes the call to `deptop_http_perform` that is under way, or else the next one, end at once.
///
/// May be called from any thread.
void deptop_http_cancel(struct deptop_http *http);

/// Takes a cancellation back that came too late for its request.
void deptop_http_forget_cancellation(struct deptop_http *http);

/// A TLS handshake over a connection that is there already, and the first byte of an answer.
struct deptop_tls {
  /// An established connection; stays open, and the caller's.
  int descriptor;
  /// Readable when the handshake is to be given up; -1 for never.
  int cancel_descriptor;
  /// `https://name:port/`: the name is asked for in the handshake (SNI).
  const char *url;
  /// `::address:port`, with an IPv6 address in brackets: keeps libcurl from looking the name up.
  const char *target;
  /// For the handshake, and again for the first byte; at least 1.
  int64_t timeout_milliseconds;
  /// Whether a first byte is waited for, after this request when it is not empty.
  bool wants_first_byte;
  const uint8_t *_Nullable request;
  size_t request_size;
};

struct deptop_tls_result {
  /// -1 when there was no handshake.
  int64_t handshake_microseconds;
  /// -1 when there was none, or none was wanted.
  int64_t first_byte_microseconds;
  bool is_cancelled;
  /// Why one of them is missing; empty when none is.
  char reason[256];
};

/// Shakes hands without looking at whom the certificate is for or who signed it; blocks.
void deptop_tls_perform(const struct deptop_tls *tls, struct deptop_tls_result *result);

#pragma clang assume_nonnull end

#endif
