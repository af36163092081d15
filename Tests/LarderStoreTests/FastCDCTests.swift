import Crypto
import DiskRig
import LarderCore
import Testing

@testable import LarderStore

@Suite("Content-defined cutting")
struct FastCDCTests {
  /// Cuts that other implementations of FastCDC 2020 find.
  struct Vector: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let sizes: ChunkSizes
    let seed: UInt64
    /// Length of each chunk, and the hash at its end.
    let chunks: [(length: Int, hash: UInt64)]

    var testDescription: String { "\(bytes.count) bytes, \(sizes), seed \(seed)" }
  }

  @Test("Its cuts are those of the published algorithm", arguments: vectors)
  func published(vector: Vector) {
    let gear = GearTable(seed: vector.seed)
    defer { gear.values.deallocate() }
    let cutter = FastCDC(vector.sizes, gear: gear)
    var rest = vector.bytes[...]
    for chunk in vector.chunks {
      let cut = rest.withUnsafeBytes { cutter.cut($0) }
      #expect(cut.length == chunk.length && cut.hash == chunk.hash)
      rest = rest.dropFirst(cut.length)
    }
    #expect(rest.isEmpty)
  }

  @Test("Bytes that come in parts are cut where they are cut as a whole")
  func parts() throws {
    var random = Seeded(21)
    let sizes = Store.Options.small.chunkSizes
    for size in [5, 1024, 1025, 4096, 4097, 60_001] {
      let bytes = random.noise(size)
      var cutter = Cutter(sizes, blobSizeMax: 1 << 20)
      var held: [UInt8] = []
      var lengths: [Int] = []
      for (index, byte) in bytes.enumerated() {
        held.append(byte)
        let length = held.withUnsafeBytes { cutter.cut($0, isAll: index == bytes.count - 1) }
        if let length {
          lengths.append(length)
          held.removeFirst(length)
        }
      }
      while !held.isEmpty {
        let length = try #require(held.withUnsafeBytes { cutter.cut($0, isAll: true) })
        lengths.append(length)
        held.removeFirst(length)
      }
      #expect(lengths == chunks(of: bytes).map(\.count))
    }
  }

  @Test("Bytes made to be cut at every minimum still fit one list")
  func manyCuts() throws {
    let sizes = ChunkSizes(minimum: 64, average: 1 << 10, maximum: 4 << 10)
    let blobSizeMax = 8 << 20
    let unit = try #require(cutsAtOnce(sizes))
    var cutter = Cutter(sizes, blobSizeMax: Int64(blobSizeMax))
    let bytes = [UInt8]((0..<blobSizeMax / unit.count).flatMap { _ in unit })
    var count = 0
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        guard let length = cutter.cut(rest, isAll: true) else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[length...])
        count += 1
      }
    }
    #expect(blobSizeMax / unit.count > ChunkList.countMax)
    #expect(count <= ChunkList.countMax)
  }

  /// The shortest unit of bytes whose repetition is cut at each of its ends.
  private func cutsAtOnce(_ sizes: ChunkSizes) -> [UInt8]? {
    let cutter = FastCDC(sizes)
    var random = Seeded(22)
    // One in some hundred ends in a cut; 100,000 tries are never all in vain.
    for _ in 0..<100_000 {
      let unit = [UInt8](repeating: 7, count: sizes.minimum) + random.noise(32)
      let length = (unit + unit).withUnsafeBytes { cutter.cut($0).length }
      if length < unit.count { return Array(unit.prefix(length)) }
    }
    return nil
  }

  /// SHA-256 of 0, 1, 2, … as eight big-endian bytes each, joined.
  private static func counted(_ size: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var counter: UInt64 = 0
    while bytes.count < size {
      bytes += withUnsafeBytes(of: counter.bigEndian) { Array(SHA256.hash(data: $0)) }
      counter += 1
    }
    return Array(bytes.prefix(size))
  }

  static let vectors: [Vector] = [
    Vector(
      bytes: counted(262_144),
      sizes: ChunkSizes(average: 16 << 10), seed: 0,
      chunks: [
        (27247, 2854199129769252534),
        (18376, 18216578703972902666),
        (4975, 4978169445521328257),
        (23744, 10709010630385424648),
        (19422, 9887170525956013008),
        (20572, 3651867106083964024),
        (19738, 5075558350008689314),
        (17709, 16916684016416781401),
        (20739, 5546464590241501776),
        (22167, 6279430727570313746),
        (17967, 1761189480111023827),
        (23994, 6457608023979400286),
        (22971, 3089225975901718093),
        (2523, 0),
      ]),
    Vector(
      bytes: counted(6_291_456),
      sizes: ChunkSizes(average: 512 << 10), seed: 0,
      chunks: [
        (580554, 12300466932466323368),
        (223385, 8678161778125048321),
        (527043, 9799558703876409071),
        (635310, 6309558063645396778),
        (590796, 5301375852838719826),
        (287192, 15520536336709260610),
        (646101, 15008246552053712061),
        (622428, 10177081005249729198),
        (582671, 3096795185009429068),
        (655106, 2740441063541448132),
        (530242, 5853633062660282844),
        (410628, 17485871590660913183),
      ]),
    Vector(
      bytes: counted(6_291_456),
      sizes: ChunkSizes(average: 512 << 10), seed: 666,
      chunks: [
        (727209, 17644545856982778651),
        (645945, 16352045333863501133),
        (575622, 10994412872328021516),
        (764155, 17447546152947026063),
        (795676, 5521484824840309646),
        (136085, 18262101058834926374),
        (288959, 5634324503032237521),
        (588024, 5805707821468617788),
        (798229, 3335798124020270750),
        (598152, 15276843533915391226),
        (373400, 14584732275306440845),
      ]),
    Vector(
      bytes: [UInt8](repeating: 0, count: 5_242_880),
      sizes: ChunkSizes(average: 512 << 10), seed: 0,
      chunks: [
        (2097152, 14169102344523991076),
        (2097152, 14169102344523991076),
        (1048576, 14169102344523991076),
      ]),
    Vector(
      bytes: counted(70_001),
      sizes: ChunkSizes(average: 16 << 10), seed: 0,
      chunks: [
        (27247, 2854199129769252534),
        (18376, 18216578703972902666),
        (4975, 4978169445521328257),
        (19403, 10803637532220788884),
      ]),
  ]
}
