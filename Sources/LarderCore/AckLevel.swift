/// What a write has survived when it is acknowledged.
package enum AckLevel: String, Sendable, Codable, CaseIterable {
  /// Readable now, and after the daemon's death; a power cut may take it back.
  case accepted
  /// Also after a power cut: its bytes were synced to the device before the answer.
  case durable
}
