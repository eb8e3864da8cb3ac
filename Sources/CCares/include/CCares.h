#ifndef DEPTOP_CCARES_H
#define DEPTOP_CCARES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Questions under way to any number of servers, driven by one thread.
struct deptop_dns;

/// How a question ended.
typedef enum __attribute__((enum_extensibility(closed))) {
  /// The addresses, or the names, that were asked for.
  deptop_dns_addresses,
  /// The server says that the name does not exist.
  deptop_dns_no_such_name,
  /// The name exists and has no address of this family.
  deptop_dns_no_address,
  /// The server answered with an error, or with something that is no answer.
  deptop_dns_error_answer,
  /// No answer, because the network or this host gave an error.
  deptop_dns_unreachable,
  /// No answer before the deadline.
  deptop_dns_timed_out,
  /// The interrupt descriptor became readable.
  deptop_dns_interrupted,
} deptop_dns_outcome;

struct deptop_dns_reply {
  /// The number given to `deptop_dns_ask`.
  uint32_t question;
  deptop_dns_outcome outcome;
  /// Why there are no addresses; never freed.
  const char *_Nullable text;
  /// Why the place of the question gives no socket, in its own words; valid as long as the set of questions.
  const char *_Nullable reason;
  /// The `errno` behind `deptop_dns_unreachable`; 0 when there is none.
  int32_t system_error;
  /// Datagrams that were sent and not answered in time.
  int32_t timeouts;
  /// The smallest TTL of the addresses and of the aliases on the way to them.
  uint32_t ttl_seconds;
  /// In the server's order; `address_size` bytes each, in network byte order.
  const uint8_t *_Nullable addresses;
  size_t address_count;
  /// 4 or 16; 0 for a question about names.
  size_t address_size;
  /// The names of a reverse question, each with its final zero byte, one after the other.
  const char *_Nullable names;
  size_t name_count;
};

/// Makes a socket that belongs to a place which is not the caller's own.
///
/// Answers a descriptor, which then belongs to the set of questions, or -1 after writing why, in words and with a final
/// zero byte, to `reason`.
typedef int32_t (*deptop_dns_open)(void *_Nullable context, uint32_t place, bool is_ipv6, bool is_stream, char *reason,
                                   size_t reason_size);

/// Makes an empty set of questions; NULL when there is no memory.
///
/// A datagram that is not answered is sent again after `retry_milliseconds`, then after twice that. `open` makes the
/// sockets of every place but 0; it is called on the thread that asks, and NULL means that there are no other places.
struct deptop_dns *_Nullable deptop_dns_create(int32_t retry_milliseconds, deptop_dns_open _Nullable open,
                                               void *_Nullable context);

/// Gives up what is under way, closes every socket and frees everything, including the last reply.
void deptop_dns_destroy(struct deptop_dns *dns);

/// The records that are asked for.
typedef enum __attribute__((enum_extensibility(closed))) {
  deptop_dns_record_a,
  deptop_dns_record_aaaa,
  deptop_dns_record_ptr,
} deptop_dns_record;

/// Asks one server (`address:port`, `[address]:port`) from one place (0 is the caller's own) for the records of exactly
/// this name.
///
/// Neither a search list nor the hosts file is consulted. Answers true when `deptop_dns_next` will report
/// the question, false when there is no memory or the server's text is no address.
bool deptop_dns_ask(struct deptop_dns *dns, const char *server, uint32_t place, const char *name,
                    deptop_dns_record record, uint32_t question);

/// Waits for the next question to end, and answers false when none is under way.
///
/// `deadline_nanoseconds` is a moment on CLOCK_MONOTONIC; what is under way then ends as timed out.
/// `interrupt_descriptor` is -1 for none. The reply is valid until the next call with the same `dns`.
bool deptop_dns_next(struct deptop_dns *dns, int64_t deadline_nanoseconds, int interrupt_descriptor,
                     struct deptop_dns_reply *reply);

#pragma clang assume_nonnull end

#endif
