@testable import LarderFederation

extension BuildFiles {
  /// Files of a build by their paths.
  init(_ texts: [String: String]) {
    self.init(paths: { texts.keys.sorted() }, read: { texts[$0].map { Array($0.utf8) } })
  }
}
