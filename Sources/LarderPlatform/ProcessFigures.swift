import Glibc
import SystemPackage

/// What this process takes of the machine, as the kernel counts it (proc(5)).
package struct ProcessFigures: Sendable {
  /// Open descriptors, without the one that it takes to count them.
  package let descriptors: Int
  package let threads: Int
  /// Memory that is resident, what is shared with others included.
  package let residentBytes: Int64
  /// Processor time since the start, in user mode and in the kernel.
  package let processorTime: Duration

  /// The figures now; reads files of `/proc`, which never wait for a disk.
  package init() throws(SystemCallError) {
    descriptors = try FileSystem.real.names(in: "/proc/self/fd").count - 1
    threads = try FileSystem.real.names(in: "/proc/self/task").count
    residentBytes = try Self.residentPages() * Int64(sysconf(Int32(_SC_PAGESIZE)))
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else {
      throw .last("clock_gettime", on: "CLOCK_PROCESS_CPUTIME_ID")
    }
    processorTime = .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  /// The second number of `statm`.
  private static func residentPages() throws(SystemCallError) -> Int64 {
    let path: FilePath = "/proc/self/statm"
    let file = try FileSystem.real.open(path, for: .read)
    // Seven numbers of at most twenty digits.
    var bytes = [UInt8](repeating: 0, count: 160)
    let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SystemCallError) in
      try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
    }
    let numbers = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
    guard let pages = numbers.dropFirst().first.flatMap({ Int64($0) }) else {
      throw SystemCallError(call: "read", errno: .invalidArgument, object: path.string)
    }
    return pages
  }
}
