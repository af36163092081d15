/// The release of Larder that this is; the programs and the client library share it.
package enum LarderVersion {
  /// As semver (2.0.0) has it.
  package static let current = "0.1.0"
}
