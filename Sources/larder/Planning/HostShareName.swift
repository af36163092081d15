import ArgumentParser

/// `KEY=VERSION` as people write it: a package that a host provides.
struct HostShareName: Hashable {
  let key: String
  let version: String

  init?(_ text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    key = String(text[..<equals])
    version = String(text[text.index(after: equals)...])
    if key.isEmpty || version.isEmpty { return nil }
  }
}

extension HostShareName: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
