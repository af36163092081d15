/// What a user takes from elsewhere than everybody, as `larder override` writes it down and hosts and
/// the gateway read it.
package struct OverridesFile: Codable, Equatable, Sendable {
  /// A line for each remote: far more than anybody overrides.
  package static let bytesMax = 1 << 20
  package static let formatCurrent = 1

  package var format = formatCurrent
  /// By the remote's name: a URL, or an absolute path.
  package var remotes: [String: String] = [:]

  /// One that overrides nothing.
  package init() {}
}
