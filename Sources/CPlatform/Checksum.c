#include "CPlatformFile.h"

#include <pthread.h>
#include <string.h>

// The reversed Castagnoli polynomial.
#define POLYNOMIAL 0x82f63b78u

// Slicing by eight: tables[k][b] is the CRC of byte b followed by k zero bytes. 8 KiB.
static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) ? POLYNOMIAL : 0);
    tables[0][byte] = crc;
  }
  for (int k = 1; k < 8; k++)
    for (int byte = 0; byte < 256; byte++)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
}

uint32_t larder_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
  pthread_once(&tables_once, fill_tables);
  const unsigned char *at = bytes;
  crc = ~crc;
  for (; count >= 8; count -= 8, at += 8) {
    uint32_t low = crc ^ ((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
                          (uint32_t)at[3] << 24);
    crc = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
          tables[4][low >> 24] ^ tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^
          tables[0][at[7]];
  }
  for (; count > 0; count--, at++) crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xff];
  return ~crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_hardware(uint32_t crc, const void *bytes,
                                                                  size_t count) {
  const unsigned char *at = bytes;
  uint64_t value = ~crc;
  for (; count >= 8; count -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    value = _mm_crc32_u64(value, word);
  }
  for (; count > 0; count--, at++) value = _mm_crc32_u8((uint32_t)value, *at);
  return ~(uint32_t)value;
}

static int has_hardware(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__) && defined(__linux__)
#include <arm_acle.h>
#include <sys/auxv.h>

// HWCAP_CRC32 of <asm/hwcap.h>, which not every C library installs.
#define LARDER_HWCAP_CRC32 (1ul << 7)

__attribute__((target("crc"))) static uint32_t crc32c_hardware(uint32_t crc, const void *bytes,
                                                               size_t count) {
  const unsigned char *at = bytes;
  crc = ~crc;
  for (; count >= 8; count -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    crc = __crc32cd(crc, word);
  }
  for (; count > 0; count--, at++) crc = __crc32cb(crc, *at);
  return ~crc;
}

static int has_hardware(void) { return (getauxval(AT_HWCAP) & LARDER_HWCAP_CRC32) != 0; }

#else

static uint32_t crc32c_hardware(uint32_t crc, const void *bytes, size_t count) {
  return larder_crc32c_portable(crc, bytes, count);
}

static int has_hardware(void) { return 0; }

#endif

uint32_t larder_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return has_hardware() ? crc32c_hardware(crc, bytes, count)
                        : larder_crc32c_portable(crc, bytes, count);
}
