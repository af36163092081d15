package import LarderFederation
import LarderRegistry

/// A release as pages load it: what its build for browsers is.
package struct PageRelease: Sendable {
  /// The remote's registered name.
  package let remote: String
  /// 32 hexadecimal digits.
  package let id: String
  package let facts: ContainerFacts

  /// Builds that pages can load, those that most pages load first.
  static let targets: [ContainerTarget] = [.web, .module, .webworker]

  /// Whether the entry is an ECMAScript module.
  package var isModule: Bool { facts.isModule }

  /// Other containers that this one refers to by a name, each once, in order.
  package var remotes: [String] {
    var seen: Set<String> = []
    return facts.remotes.flatMap(\.locations).compactMap(\.remoteName)
      .filter { seen.insert($0).inserted }
  }

  /// - Throws: `notFound` for a release without a build for pages.
  init(_ release: RecordedRelease, of remote: String) throws(ServiceError) {
    guard let variant = release.pageVariants.first else {
      throw ServiceError(
        .notFound, "release \(release.id) of '\(remote)' has no build for pages",
        remedy: "build and publish target 'web' as well", subject: remote)
    }
    self.remote = remote
    id = release.id.description
    facts = release.variants[variant]
  }
}

extension RecordedRelease {
  /// Places of its builds for pages, the first choice first.
  var pageVariants: [Int] {
    PageRelease.targets.compactMap { target in variants.firstIndex { $0.target == target } }
  }
}
