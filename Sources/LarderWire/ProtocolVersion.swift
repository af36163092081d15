/// Versions of the native protocol.
package enum ProtocolVersion {
  /// The only version there is.
  package static let current = 1

  /// The highest version that both sides speak; nil if there is none.
  ///
  /// - Parameter offered: the client's lowest and highest version.
  package static func negotiate(_ offered: ClosedRange<Int>) -> Int? {
    offered.contains(current) ? current : nil
  }
}
