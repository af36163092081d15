import CPlatform
import Glibc

/// How many descriptors this process may have open (RLIMIT_NOFILE, getrlimit(2)).
package enum DescriptorLimit {
  /// The soft limit.
  package static var current: Int {
    get throws(SystemCallError) {
      let limit = larder_descriptor_limit()
      guard limit >= 0 else { throw .last("getrlimit", on: "RLIMIT_NOFILE") }
      return Int(limit)
    }
  }

  /// Raises the soft limit to the hard one.
  ///
  /// Shells and systemd hand out a soft limit of 1,024 for the sake of select(2), which nothing
  /// here calls; a store of many segments and a socket of many connections need more.
  ///
  /// - Returns: the soft limit afterwards.
  @discardableResult
  package static func raise() throws(SystemCallError) -> Int {
    let limit = larder_raise_descriptor_limit()
    guard limit >= 0 else { throw .last("setrlimit", on: "RLIMIT_NOFILE") }
    return Int(limit)
  }
}
