// F_OFD_SETLK and fallocate are behind this feature macro in glibc.
#define _GNU_SOURCE 1

#include "CPlatformFile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int larder_lock_file(int descriptor) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return fcntl(descriptor, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

int larder_allocate(int descriptor, int64_t count) { return fallocate(descriptor, 0, 0, count); }

int64_t larder_next_data(int descriptor, int64_t offset) {
  off_t place = lseek(descriptor, offset, SEEK_DATA);
  if (place >= 0) return place;
  return errno == ENXIO ? INT64_MAX : offset;
}

int64_t larder_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)limit.rlim_cur;
}

int64_t larder_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  return larder_descriptor_limit();
}
