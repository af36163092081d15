import Foundation
import Glibc

/// The memory of this process that is in use and its own: proc_pid_statm(5), without pages that it
/// shares with files.
package enum ResidentMemory {
  package static var bytes: Int {
    // On a system without /proc there is no figure: 0.
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ").compactMap { Int($0) }
    return fields.count > 2 ? (fields[1] - fields[2]) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
