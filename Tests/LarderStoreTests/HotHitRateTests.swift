import DiskRig
import Foundation
import LarderCore
import Testing

@testable import LarderStore

/// What admission and eviction are worth, on a trace whose popularity follows Zipf's law.
@Suite("Hits of the hot tier")
struct HotHitRateTests {
  /// Ranks 1 to `count`, rank r with a chance in proportion to 1/r.
  private struct Zipf {
    private var sums: [Double] = []

    init(_ count: Int) {
      var sum = 0.0
      for rank in 1...count {
        sum += 1 / Double(rank)
        sums.append(sum)
      }
    }

    func rank(_ random: inout Seeded) -> Int {
      let point = Double.random(in: 0..<(sums.last ?? 1), using: &random)
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > point { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }

  /// The share of hits among 30,000 requests for 2,000 blobs, of which a sixteenth fits.
  ///
  /// - Parameter scan: reads, between each two requests, of blobs that are never asked for again.
  private func hitRate(scan: Int) throws -> Double {
    var options = Store.Options.small
    options.hotMemoryPerRealm = options.hotMemory
    let tier = HotTier(options)
    let zipf = Zipf(2000)
    var random = Seeded(31)
    let bytes = [UInt8](repeating: 1, count: 2048)
    var hits = 0
    var isCounted = true
    func request(_ number: Int) throws {
      let name = withUnsafeBytes(of: number) { RunningDigest.digest($0) }
      let key = HotKey(digest: name, realm: realmA, kind: .chunk)
      if try tier.read(key, { _ in }) {
        if isCounted { hits += 1 }
      } else {
        bytes.withUnsafeBytes { tier.admit(key, $0) }
      }
    }
    for step in 0..<30_000 {
      isCounted = true
      try request(zipf.rank(&random))
      isCounted = false
      for number in 0..<scan { try request(1_000_000 + step * scan + number) }
    }
    return Double(hits) / 30_000
  }

  @Test("It hits the popular, and one pass over everything else takes little of that away")
  func scan() throws {
    let (quiet, scanned) = (try hitRate(scan: 0), try hitRate(scan: 2))
    print("hit rate \(quiet), beside a scan \(scanned)")
    // The 120 most popular of 2,000 are 65 % of the requests: no cache of that size hits more
    // often.
    #expect(quiet > 0.5)
    #expect(scanned > quiet * 0.95)
  }
}
