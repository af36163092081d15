#ifndef LARDER_CPLATFORM_H
#define LARDER_CPLATFORM_H

#include "CPlatformFile.h"
#include "CPlatformMemory.h"
#include "CPlatformSockets.h"

/// Names the calling thread for debuggers and /proc; the kernel keeps 15 bytes.
void larder_name_thread(const char *name);

#endif
