/// How many times a peer's throughput ours is to be.
enum Goal {
  /// nil where none was set.
  static func ratio(_ ours: String, over peer: String, in cell: Cell) -> Double? {
    switch (ours, cell.size, cell.depth) {
    case ("larder", 32, 16): ["redis": 4, "memcached": 10, "nginx": 25, "casd": 150][peer]
    case ("larder", 4 << 10, 16): ["redis": 1.8, "memcached": 2.5, "casd": 40][peer]
    case ("larder", 4 << 10, 1): ["redis": 1.2, "memcached": 1.0][peer]
    case ("larder", 64 << 10, _): ["redis": 2.5, "nginx": 0.9][peer]
    case ("larder", 1 << 20, _): ["redis": 3, "nginx": 1.0][peer]
    case ("larder places", 1 << 20, _): ["larder": 20][peer]
    default: nil
    }
  }

  /// Most microseconds of server CPU for each of these; nil where no limit was set.
  static func serverMicroseconds(_ ours: String, in cell: Cell) -> Double? {
    ours == "larder places" && cell.depth > 1 ? 0.2 : nil
  }
}
