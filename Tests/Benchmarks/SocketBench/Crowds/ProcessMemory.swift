import Foundation

/// What a process, and the kernel for its sockets, keep in memory (proc_pid_status(5), slabinfo(5)).
struct ProcessMemory {
  /// Bytes of its own.
  let ownBytes: Int
  /// Bytes that it shares by memory files: slabs.
  let sharedBytes: Int
  /// Bytes of the kernel's objects for Unix sockets of the whole machine, what waits in them included.
  let socketBytes: Int

  init(of process: pid_t) throws {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    func field(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") } ?? ""
      return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
        << 10
    }
    ownBytes = field("RssAnon")
    sharedBytes = field("RssShmem")
    socketBytes = ProcessMemory.kernelBytes
  }

  /// Caches of the kernel that grow with sockets; 0 for who is not root.
  private static let caches: Set<String> = [
    "UNIX", "UNIX-STREAM", "sock_inode_cache", "eventpoll_epi", "eventpoll_pwq", "filp", "cred_jar",
    "skbuff_head_cache", "skbuff_small_head", "skbuff_fclone_cache",
  ]

  private static var kernelBytes: Int {
    // Without rights there is no figure. As a file of no size it would be read in part only.
    let file = FileHandle(forReadingAtPath: "/proc/slabinfo")
    let text = String(decoding: file?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").reduce(0) { sum, line in
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count > 3, caches.contains(String(fields[0])), let count = Int(fields[1]),
        let size = Int(fields[3])
      else { return sum }
      return sum + count * size
    }
  }
}
