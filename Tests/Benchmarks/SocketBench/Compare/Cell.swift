/// One way to ask: how large, how many at once.
struct Cell: Hashable, Encodable {
  let size: Int
  let depth: Int
  let connections: Int

  /// Bytes of answers that are under way at once, which some servers hold in memory: 1 GiB.
  private static let bytesUnderWayMax = 1 << 30

  /// All combinations that servers can bear.
  static func all(sizes: [Int], depths: [Int], connections: [Int]) -> [Cell] {
    sizes.flatMap { size in
      depths.flatMap { depth in
        connections.map { Cell(size: size, depth: depth, connections: $0) }
      }
    }.filter { $0.size * $0.depth * $0.connections <= bytesUnderWayMax }
  }

  var sizeText: String {
    size >= 1 << 20 ? "\(size >> 20) MiB" : size >= 1 << 10 ? "\(size >> 10) KiB" : "\(size) B"
  }
}
