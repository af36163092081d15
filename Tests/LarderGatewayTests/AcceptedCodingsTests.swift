import LarderCoding
import Testing

@testable import LarderGateway

@Suite("What codings a caller accepts")
struct AcceptedCodingsTests {
  @Test(
    "are those it names, what it prefers and then what saves most first",
    arguments: [
      (nil, []), ("", []), ("identity", []), ("deflate, compress", []),
      ("gzip, deflate, br, zstd", [.br, .zstd, .gzip]), ("GZIP", [.gzip]), ("x-gzip", [.gzip]),
      ("br;q=0.5, gzip;q=0.8", [.gzip, .br]), ("br;q=0, gzip", [.gzip]),
      ("*", [.br, .zstd, .gzip]), ("*;q=0.1, gzip", [.gzip, .br, .zstd]),
      ("*, br;q=0", [.zstd, .gzip]), ("gzip;q=0.001 , zstd ; q=0", [.gzip]),
      ("gzip;q=1.000", [.gzip]), ("gzip ; q=0.5", [.gzip]),
    ] as [(String?, [ContentCoding])])
  func list(_ field: String?, _ codings: [ContentCoding]) {
    #expect(AcceptedCodings.list(field) == codings)
  }

  @Test(
    "are not guessed where a weight is none",
    arguments: [
      "gzip;q=2", "gzip;q=1.001", "gzip;q=", "gzip;q=0.0001", "gzip;q=-1", "gzip;x=1",
      "gzip;q=0.+1",
    ])
  func malformed(_ field: String) {
    #expect(AcceptedCodings.list(field) == [])
    #expect(AcceptedCodings.list("br, \(field)") == [.br])
  }
}
