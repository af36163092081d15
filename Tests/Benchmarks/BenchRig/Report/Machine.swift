import Foundation
import Glibc

/// What the figures depend on besides the programs.
package struct Machine: Encodable {
  let processor: String
  let threads: Int
  /// Hashing is three to five times as fast with it.
  let hasSHAInstructions: Bool
  let kernel: String

  package init() {
    // Without /proc the report says less, and measures the same.
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func field(_ name: String) -> String {
      let line = lines.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      return line.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }
    processor = field("model name")
    threads = Threads.available
    hasSHAInstructions = field("flags").split(separator: " ").contains("sha_ni")
    var system = utsname()
    uname(&system)
    kernel = withUnsafeBytes(of: &system.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension Machine: CustomStringConvertible {
  package var description: String {
    "\(processor), \(threads) threads, \(hasSHAInstructions ? "with" : "without") SHA instructions, \(kernel)"
  }
}
