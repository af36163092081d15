import Glibc

/// Signals that sockets would raise.
package enum SocketSignals {
  /// Makes a write to a closed socket an error of the call instead of the process's end.
  ///
  /// For the whole process; programs call it once, first thing.
  package static func ignoreBrokenPipe() {
    signal(SIGPIPE, SIG_IGN)
  }
}
