@testable import LarderSocket

extension OutputBlock {
  /// Its bytes.
  var frames: [UInt8] { withBytes { Array($0) } }
}
