import Glibc

/// Wall time and the CPU time of this whole process, since it was made.
package struct Stopwatch {
  private let start = ContinuousClock.now
  private let cpuStart = Stopwatch.cpuSeconds

  package init() {}

  package var wallSeconds: Double { (ContinuousClock.now - start) / .seconds(1) }
  package var cpuSeconds: Double { Stopwatch.cpuSeconds - cpuStart }

  private static var cpuSeconds: Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.cpuSeconds
  }
}

extension rusage {
  /// User and system time together.
  var cpuSeconds: Double {
    Double(ru_utime.tv_sec + ru_stime.tv_sec) + Double(ru_utime.tv_usec + ru_stime.tv_usec) / 1e6
  }
}
