// F_OFD_SETLK and fallocate are behind this feature macro in glibc.
#define _GNU_SOURCE 1

#include "CPlatformFile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int larder_lock_file(int descriptor) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return fcntl(descriptor, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

int larder_allocate(int descriptor, int64_t count) { return fallocate(descriptor, 0, 0, count); }
