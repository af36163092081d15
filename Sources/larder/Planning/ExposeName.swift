import ArgumentParser

/// `NAME/EXPOSE` as people write it: which module of which remote.
///
/// The name ends before the first `/`, or before the second if it begins with `@`, as npm's scoped
/// names do. What follows is the expose without its `./`.
struct ExposeName: Hashable {
  let remote: String
  /// As the container's `get` takes it: `./Header`, or `.`.
  let expose: String

  init?(_ text: String) {
    let segments = text.split(separator: "/", omittingEmptySubsequences: false)
    let nameCount = text.hasPrefix("@") ? 2 : 1
    guard segments.count > nameCount, segments[..<nameCount].allSatisfy({ !$0.isEmpty }) else {
      return nil
    }
    let rest = segments[nameCount...].joined(separator: "/")
    guard !rest.isEmpty else { return nil }
    remote = segments[..<nameCount].joined(separator: "/")
    expose = rest == "." || rest.hasPrefix("./") ? rest : "./\(rest)"
  }
}

extension ExposeName: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
