#ifndef LARDER_CPLATFORM_SOCKETS_H
#define LARDER_CPLATFORM_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

/// getsockopt(2) with SO_PEERGROUPS; the number of groups, ERANGE past `capacity`.
int larder_peer_groups(int socket, uint32_t *groups, int capacity);

/// Descriptors that one message may carry: a quarter of what the kernel takes (SCM_MAX_FD, 253).
#define LARDER_DESCRIPTORS_MAX 64

/// sendmsg(2) with 1 to LARDER_DESCRIPTORS_MAX descriptors (SCM_RIGHTS, unix(7)), which go with the
/// first byte: the bytes that were taken.
ssize_t larder_send_descriptors(
    int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count);

/// recvmsg(2): the bytes that came, and at most LARDER_DESCRIPTORS_MAX descriptors, close-on-exec. A
/// message whose descriptors did not all arrive (MSG_CTRUNC), for want of a free one or of room, has
/// none left open and fails with EMFILE; its bytes are gone.
ssize_t larder_receive(
    int socket, void *bytes, size_t count, int *descriptors, int *descriptor_count);

/// Bytes that were written and that the peer has not read (SIOCOUTQ); those of a Unix socket count with
/// their buffers.
int larder_unread_bytes(int socket);

#endif
