/// The version of this program.
enum LarderVersion {
  /// As `--version` prints it and as the daemon's log names this client.
  static let current = "0.1.0"
}
