#ifndef LARDER_CPLATFORM_SOCKETS_H
#define LARDER_CPLATFORM_SOCKETS_H

#include <stdint.h>

// Each returns -1 and sets errno where the system call does.

/// What epoll found on one descriptor.
struct larder_ready {
  uint64_t token;
  /// Bytes, an end of stream or a connection can be taken.
  uint8_t readable;
  /// Bytes can be given.
  uint8_t writable;
  /// The other side is gone or the socket failed: a read or a write tells which.
  uint8_t ended;
};

/// epoll_create1(2), close-on-exec.
int larder_epoll_create(void);

/// epoll_ctl(2), level-triggered; operation 1 adds, 2 removes, 3 changes.
int larder_epoll_control(
    int epoll, int operation, int descriptor, uint64_t token, int reads, int writes);

/// epoll_wait(2): at most `capacity` (up to 256) places of `ready` are filled.
int larder_epoll_wait(int epoll, struct larder_ready *ready, int capacity, int timeout_ms);

/// eventfd(2), non-blocking, close-on-exec.
int larder_event_create(void);

/// accept4(2), non-blocking, close-on-exec.
int larder_accept(int listener);

/// getsockopt(2) with SO_PEERCRED.
int larder_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid);

#endif
