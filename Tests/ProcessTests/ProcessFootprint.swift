import Foundation

/// What a process holds: proc_pid_fd(5), proc_pid_status(5), proc_pid_task(5).
struct ProcessFootprint: CustomStringConvertible {
  /// What each descriptor is of, sorted.
  let descriptors: [String]
  /// Names, sorted, without the threads of libdispatch, which come and go with the load.
  let threads: [String]
  /// Memory of its own that is resident (`RssAnon`): heap and stacks. Memory that it shares by
  /// descriptor and the pages of files are bounded by options and by the system, and not in here.
  let privateBytes: Int

  init(of process: pid_t) throws {
    let folder = "/proc/\(process)"
    descriptors = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").compactMap {
      // One that was closed meanwhile has no destination.
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/fd/\($0)")
    }.sorted()
    threads = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/task").compactMap {
      // One that ended meanwhile has no name.
      try? String(contentsOfFile: "\(folder)/task/\($0)/comm", encoding: .utf8)
    }.filter { !$0.contains("-qos") }.sorted()
    let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap {
      Int($0)
    }
    privateBytes = (kibibytes ?? 0) << 10
  }

  var description: String {
    "\(descriptors.count) descriptors, \(threads.count) threads, \(privateBytes >> 10) KiB"
  }
}
