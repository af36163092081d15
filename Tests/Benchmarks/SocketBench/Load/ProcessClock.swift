import Glibc

/// The CPU time of another process, all its threads together, to the nanosecond
/// (clock_getcpuclockid(3)); what proc_pid_stat(5) rounds to ticks of 10 ms.
struct ProcessClock {
  private let clock: clockid_t

  init(_ process: pid_t) throws {
    var clock = clockid_t()
    guard clock_getcpuclockid(process, &clock) == 0 else {
      throw WrongAnswer("process \(process) is gone")
    }
    self.clock = clock
  }

  var seconds: Double {
    get throws {
      var time = timespec()
      guard clock_gettime(clock, &time) == 0 else { throw WrongAnswer("the server is gone") }
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }
}
