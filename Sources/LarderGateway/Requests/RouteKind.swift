/// Kinds of routes, as metrics and the access log name them; their numbers are places in tables.
enum RouteKind: Int, CaseIterable, Sendable {
  case entry, manifest, file, blob, plan, importmap, library, console
  /// No route: a request that was refused before it was looked at, or that leads nowhere.
  case other

  var name: String { String(describing: self) }
}

extension Route {
  var kind: RouteKind {
    switch self {
    case .shim: .entry
    case .manifest: .manifest
    case .file: .file
    case .blob: .blob
    case .plan: .plan
    case .importMap: .importmap
    case .library: .library
    }
  }

  /// The remote that it names, and the release if it names one.
  var remote: (name: String, release: String?)? {
    switch self {
    case .shim(let remote), .manifest(let remote), .plan(let remote, _, _): (remote, nil)
    case .file(let remote, let release, _): (remote, release)
    case .blob, .importMap, .library: nil
    }
  }
}
