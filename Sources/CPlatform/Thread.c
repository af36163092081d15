#define _GNU_SOURCE
#include "CPlatform.h"

#include <pthread.h>

void larder_name_thread(const char *name) {
  char kept[16] = {0};
  for (int i = 0; i < 15 && name[i]; i++) kept[i] = name[i];
  pthread_setname_np(pthread_self(), kept);
}
