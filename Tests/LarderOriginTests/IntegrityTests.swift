import LarderCore
import LarderOrigin
import Testing

@Suite struct IntegrityTests {
  // Of "abc": FIPS 180-4, appendices B.1, C.1 and D.1 of its examples.
  static let sha256 = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
  static let sha384 = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
  static let sha512 =
    "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
  static let other = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

  private func matches(_ integrity: Integrity, _ text: String) -> Bool {
    var verifier = integrity.verifier()
    for byte in text.utf8 { withUnsafeBytes(of: byte) { verifier.update($0) } }
    return verifier.matches()
  }

  @Test("Each algorithm knows its bytes", arguments: [sha256, sha384, sha512])
  func algorithms(_ text: String) throws {
    #expect(matches(try Integrity(text), "abc"))
    #expect(!matches(try Integrity(text), "abd"))
    #expect(!matches(try Integrity(text), ""))
  }

  @Test("The strongest algorithm counts, and any of its values")
  func strongest() throws {
    #expect(matches(try Integrity("\(Self.other) \(Self.sha256)"), "abc"))
    #expect(matches(try Integrity("\(Self.other)\n\t\(Self.sha384)"), "abc"))
    #expect(try Integrity("\(Self.sha512) \(Self.sha256)").algorithm == .sha512)
    let wrong = "sha512-" + String(repeating: "A", count: 86) + "=="
    #expect(!matches(try Integrity("\(Self.sha256) \(wrong)"), "abc"))
  }

  @Test("Options and unknown algorithms are passed over; case of the algorithm does not count")
  func tolerance() throws {
    #expect(matches(try Integrity("md5-AAAA \(Self.sha256)?ct=text/plain sha1024-xyz"), "abc"))
    #expect(matches(try Integrity("SHA256-" + Self.sha256.dropFirst(7)), "abc"))
    let urlSafe = Self.sha256.dropFirst(7).map { $0 == "/" ? "_" : $0 == "+" ? "-" : $0 }
    #expect(matches(try Integrity("sha256-" + String(urlSafe)), "abc"))
  }

  @Test(
    "A list that names nothing is an error",
    arguments: [
      "", " ", "sha256", "sha256-", "sha256-AAAA", "md5-AAAA", "sha256-!!!!", sha256 + "=",
      String(sha256.dropLast()), sha384.replacing("sha384", with: "sha256"),
    ])
  func empty(_ text: String) {
    #expect(throws: OriginError.self) { try Integrity(text) }
  }

  @Test("A digest is an integrity value")
  func digest() throws {
    let digest = try #require(
      Digest(hex: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(matches(Integrity(digest), "abc"))
    #expect(try Integrity(digest) == Integrity(Self.sha256))
  }
}
