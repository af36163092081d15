#define _GNU_SOURCE
#include "CPlatformSockets.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

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
