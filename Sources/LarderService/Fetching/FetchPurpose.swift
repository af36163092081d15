/// Why bytes are fetched; each is counted apart.
enum FetchPurpose: Sendable {
  /// A build's `stats.json`.
  case description
  /// A plan needs the file, at once or behind an `import()`.
  case planned
  /// The rest of a release.
  case background
  /// ENSURE asked for the URL.
  case ensured
  /// What is here, or was, failed its check.
  case refetched
}
