import BenchRig

/// Values of one size, the same for the same seed; random, so that nobody gains by compressing them.
struct ValueSet {
  /// Bytes of all values of one size: few enough that every contender has them in memory.
  private static let bytesMax = 16 << 20
  private static let countMax = 1024

  let size: Int
  let values: [[UInt8]]

  init(size: Int, seed: UInt64) {
    self.size = size
    var random = SplitMix(seed: seed ^ UInt64(size))
    let count = Swift.min(ValueSet.countMax, Swift.max(2, ValueSet.bytesMax / size))
    values = (0..<count).map { _ in
      var bytes = [UInt8](repeating: 0, count: size)
      bytes.withUnsafeMutableBytes { bytes in
        for place in stride(from: 0, to: size, by: 8) {
          var word = random.next()
          withUnsafeBytes(of: &word) { word in
            for (offset, byte) in word.enumerated() where place + offset < size {
              bytes[place + offset] = byte
            }
          }
        }
      }
      return bytes
    }
  }

  /// Under which name a peer without digests has a value; all are equally long.
  func name(of value: Int) -> String { "\(size)-\(1000 + value)" }
}
