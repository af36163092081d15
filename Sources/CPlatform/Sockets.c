#define _GNU_SOURCE
#include "CPlatformSockets.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int larder_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int larder_epoll_control(
    int epoll, int operation, int descriptor, uint64_t token, int reads, int writes) {
  struct epoll_event event = {.data.u64 = token};
  if (reads) event.events |= EPOLLIN;
  if (writes) event.events |= EPOLLOUT;
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int larder_epoll_wait(int epoll, struct larder_ready *ready, int capacity, int timeout_ms) {
  struct epoll_event events[256];
  if (capacity > 256) capacity = 256;
  int count = epoll_wait(epoll, events, capacity, timeout_ms);
  for (int i = 0; i < count; i++) {
    ready[i].token = events[i].data.u64;
    ready[i].readable = (events[i].events & EPOLLIN) != 0;
    ready[i].writable = (events[i].events & EPOLLOUT) != 0;
    ready[i].ended = (events[i].events & (EPOLLHUP | EPOLLERR)) != 0;
  }
  return count;
}

int larder_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int larder_accept(int listener) {
  return accept4(listener, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int larder_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  *pid = credentials.pid;
  *uid = credentials.uid;
  *gid = credentials.gid;
  return 0;
}

int larder_peer_groups(int socket, uint32_t *groups, int capacity) {
  socklen_t size = (socklen_t)capacity * sizeof *groups;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) return -1;
  return (int)(size / sizeof *groups);
}

ssize_t larder_send_descriptors(
    int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count) {
  struct iovec buffer = {.iov_base = (void *)bytes, .iov_len = count};
  union {
    char bytes[CMSG_SPACE(LARDER_DESCRIPTORS_MAX * sizeof(int))];
    struct cmsghdr align;
  } control;
  size_t size = (size_t)descriptor_count * sizeof(int);
  struct msghdr message = {
      .msg_iov = &buffer,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = CMSG_SPACE(size)};
  memset(control.bytes, 0, sizeof control.bytes);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(header), descriptors, size);
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t larder_receive(
    int socket, void *bytes, size_t count, int *descriptors, int *descriptor_count) {
  struct iovec buffer = {.iov_base = bytes, .iov_len = count};
  union {
    char bytes[CMSG_SPACE(LARDER_DESCRIPTORS_MAX * sizeof(int))];
    struct cmsghdr align;
  } control;
  struct msghdr message = {
      .msg_iov = &buffer,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes};
  *descriptor_count = 0;
  ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (received < 0) return -1;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int passed = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors + *descriptor_count, CMSG_DATA(header), (size_t)passed * sizeof(int));
    *descriptor_count += passed;
  }
  if ((message.msg_flags & MSG_CTRUNC) == 0) return received;
  for (int i = 0; i < *descriptor_count; i++) close(descriptors[i]);
  *descriptor_count = 0;
  errno = EMFILE;
  return -1;
}

int larder_unread_bytes(int socket) {
  int count;
  return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : -1;
}
