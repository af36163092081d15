import ArgumentParser

/// A realm and the socket that stands for it, written `name=path`.
struct RealmSocket: ExpressibleByArgument, Sendable {
  let name: String
  let path: String
  /// Whoever connects there may administer the store.
  let isAdmin: Bool

  init(name: String, path: String, isAdmin: Bool = false) {
    self.isAdmin = isAdmin
    self.name = name
    self.path = path
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    self.init(name: String(parts[0]), path: String(parts[1]))
  }
}
