import Testing

@testable import LarderCoding

@Suite("A content coding")
struct ContentCodingTests {
  /// Code-like text, so many bytes of it.
  static func text(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var number = 1
    while bytes.count < count {
      bytes += Array("function f\(number)(a,b){return a+b*\(number % 97)}\n".utf8)
      number = number &* 31 &+ 7 & 0xffff
    }
    return Array(bytes[..<count])
  }

  @Test(
    "gives back what it was given, and takes less",
    arguments: ContentCoding.allCases,
    [0, 1, 1_000, 300_000, ContentCoding.carefulBytesMax + 1])
  func roundTrip(_ coding: ContentCoding, _ count: Int) throws {
    let source = Self.text(count)
    let encoded = try #require(coding.encoded(source))
    #expect(coding.decoded(encoded, size: count) == source)
    #expect(coding.encoded(source) == encoded)
    if count >= 1_000 { #expect(encoded.count < count / 2) }
  }

  @Test("decodes nothing but that, all of it", arguments: ContentCoding.allCases)
  func wrong(_ coding: ContentCoding) throws {
    let source = Self.text(10_000)
    let encoded = try #require(coding.encoded(source))
    for size in [0, 9_999, 10_001, 20_000] {
      #expect(coding.decoded(encoded, size: size) == nil)
    }
    for count in [0, 1, encoded.count / 2, encoded.count - 1] {
      #expect(coding.decoded(Array(encoded[..<count]), size: 10_000) == nil)
    }
    var changed = encoded
    changed[encoded.count / 2] ^= 0x40
    #expect(coding.decoded(changed, size: 10_000) != source)
    #expect(coding.decoded(source, size: 10_000) == nil)
    for other in ContentCoding.allCases where other != coding {
      #expect(other.decoded(encoded, size: 10_000) == nil)
    }
  }

  @Test("takes no source beyond its limit", arguments: ContentCoding.allCases)
  func limit(_ coding: ContentCoding) {
    let source = [UInt8](repeating: 7, count: ContentCoding.sourceBytesMax)
    #expect(coding.encoded(source) != nil)
    #expect(coding.encoded(source + [7]) == nil)
    #expect(coding.decoded([], size: ContentCoding.sourceBytesMax + 1) == nil)
  }
}
