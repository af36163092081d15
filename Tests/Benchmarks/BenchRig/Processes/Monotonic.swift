import Glibc

/// The clock that all processes of the machine share (clock_gettime(2), CLOCK_MONOTONIC).
package enum Monotonic {
  package static var nanoseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}
