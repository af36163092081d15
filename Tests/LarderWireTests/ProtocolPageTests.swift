import Foundation
import LarderWire
import Testing

/// Holds the code to what docs/protocol.md tells other clients.
@Suite("The protocol page")
struct ProtocolPageTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    page = try String(contentsOf: root.appending(path: "docs/protocol.md"), encoding: .utf8)
  }

  @Test("names every error code with its exit status, and no other")
  func errorCodes() {
    var documented: [String: Int32] = [:]
    for cells in rows(ofTableBehind: "| Code | Means |") {
      for name in cells[0].split(separator: "`").map(String.init) where name.first?.isLetter == true
      {
        documented[name] = Int32(cells[2])
      }
    }
    let known = Dictionary(
      uniqueKeysWithValues: ErrorCode.allCases.map { ($0.rawValue, $0.exitStatus) })
    #expect(documented == known)
  }

  @Test("numbers every verb as the code does, and no other")
  func verbs() {
    let documented = rows(ofTableBehind: "| Kind | Verb |").map { "\($0[0]) \($0[1])" }
    #expect(documented == Verb.allCases.map { "\($0.rawValue) \($0.name)" })
  }

  @Test("tells the limits that HELLO tells")
  func limits() {
    let told = """
      "frameBodyMax": \(WireLimits.frameBodyMax), "requestsInFlightMax": \
      \(WireLimits.requestsInFlightMax), "digestsMax": \(WireLimits.digestsMax), "blobSizeMax": \
      \(WireLimits.blobSizeMax), "sessionsMax": \(WireLimits.sessionsMax)
      """
    #expect(page.contains(told))
  }

  @Test("says of each limit in the table what it is")
  func limitsInNumbers() {
    let told = rows(ofTableBehind: "| What | At most |").map { $0[1] }.joined(separator: "\n")
    for (name, number) in [
      ("frameBodyMax", WireLimits.frameBodyMax == 4 << 20 ? "4 MiB" : "?"),
      ("digestsMax", WireLimits.digestsMax == 10_000 ? "10,000" : "?"),
      ("blobSizeMax", WireLimits.blobSizeMax == 1 << 30 ? "1 GiB" : "?"),
      ("requestsInFlightMax", "\(WireLimits.requestsInFlightMax)"),
      ("sessionsMax", "\(WireLimits.sessionsMax)"), ("slabsMax", "\(WireLimits.slabsMax)"),
      ("descriptorsPerFrameMax", "\(WireLimits.descriptorsPerFrameMax)"),
    ] {
      #expect(told.contains("\(number) (`\(name)`)"))
    }
  }

  @Test("gives every flag its bit")
  func flags() {
    for (name, flag) in [
      ("REPLY", FrameFlags.reply), ("MORE", .more), ("ERROR", .error), ("DATA", .data),
      ("PLACES", .places), ("SLABS", .slabs),
    ] {
      let digits = String(flag.rawValue, radix: 16)
      #expect(page.contains("`0x\(digits.count < 2 ? "0" : "")\(digits)` \(name)"))
    }
  }

  /// The cells of the rows of the table whose head begins so.
  private func rows(ofTableBehind head: String) -> [[String]] {
    page.split(separator: "\n").drop { !$0.hasPrefix(head) }.dropFirst(2)
      .prefix { $0.hasPrefix("|") }
      .map { line in
        line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }
}
