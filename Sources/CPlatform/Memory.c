// memfd_create and the seals are behind this feature macro in glibc.
#define _GNU_SOURCE 1

#include "CPlatformMemory.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>

// Newer than the headers of the oldest system that Larder builds on.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

static const int all_seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

int larder_memory_create(const char *name) {
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int descriptor = memfd_create(name, flags | MFD_NOEXEC_SEAL);
  return descriptor < 0 && errno == EINVAL ? memfd_create(name, flags) : descriptor;
}

int larder_memory_seal(int descriptor) { return fcntl(descriptor, F_ADD_SEALS, all_seals); }

int larder_memory_is_sealed(int descriptor) {
  int seals = fcntl(descriptor, F_GET_SEALS);
  return seals < 0 ? -1 : (seals & all_seals) == all_seals;
}

void larder_trim_heap(void) { malloc_trim(0); }

int larder_memory_is_shared(int descriptor) {
  // Who opens the file in this very moment breaks the lease, which the kernel tells its holder by a
  // signal: by one that does nothing, where SIGIO would end the process.
  if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return -1;
  if (fcntl(descriptor, F_SETLEASE, F_WRLCK) != 0) return errno == EAGAIN ? 1 : -1;
  return fcntl(descriptor, F_SETLEASE, F_UNLCK);
}
