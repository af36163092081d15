#ifndef LARDER_CPLATFORM_H
#define LARDER_CPLATFORM_H

#include "CPlatformFile.h"

#endif
