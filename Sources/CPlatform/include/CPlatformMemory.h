#ifndef LARDER_CPLATFORM_MEMORY_H
#define LARDER_CPLATFORM_MEMORY_H

// Each returns -1 and sets errno where the system call does.

// memfd_create(2): close-on-exec, sealable, and never executable where the kernel knows that
// (Linux 6.3).
int larder_memory_create(const char *name);

// Adds F_SEAL_WRITE, F_SEAL_GROW, F_SEAL_SHRINK and F_SEAL_SEAL (fcntl(2)).
int larder_memory_seal(int descriptor);

// 1 if all four of those seals are there, 0 if one is missing.
int larder_memory_is_sealed(int descriptor);

// Whether the file is open, or mapped, by way of another open of it than this one: 1, or 0. Asks the
// kernel for a write lease (F_SETLEASE, fcntl(2)), which it grants only where there is none, and gives
// it back. `descriptor` has to be the only open file description of the file that is for reading, and
// none may be for writing.
int larder_memory_is_shared(int descriptor);

// malloc_trim(3) of the whole heap.
void larder_trim_heap(void);

#endif
