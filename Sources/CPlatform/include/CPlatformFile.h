#ifndef LARDER_CPLATFORM_FILE_H
#define LARDER_CPLATFORM_FILE_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `count` bytes, continuing from `crc`, which is 0
// for the first piece. Uses the processor's instruction where it has one. Never fails.
uint32_t larder_crc32c(uint32_t crc, const void *bytes, size_t count);

// The same value by table, on any processor: what larder_crc32c falls back to.
uint32_t larder_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

// Takes a write lock on the whole file for its open file description (F_OFD_SETLK, fcntl(2)), without
// waiting. 0, or the errno: EAGAIN or EACCES where another description holds a lock.
int larder_lock_file(int descriptor);

// fallocate(2) of the first `count` bytes: 0, or -1 with errno.
int larder_allocate(int descriptor, int64_t count);

// Where the next byte stands that may not be a hole (SEEK_DATA, lseek(2)): at `offset` where the file
// system does not tell them apart, at INT64_MAX where none follows. Moves the file's position.
int64_t larder_next_data(int descriptor, int64_t offset);

// Raises the soft limit of open descriptors to the hard one (setrlimit(2)): the limit afterwards, at
// most INT32_MAX, or -1 with errno.
int64_t larder_raise_descriptor_limit(void);

/// The soft limit of open descriptors.
int64_t larder_descriptor_limit(void);

#endif
