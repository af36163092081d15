import Foundation

/// One build of a small container, as a test wants it: a `stats.json` with what the importer reads,
/// and the files that go with it.
package struct Deploy: Sendable {
  package var name: String
  /// Differs between two builds of one container; it is in every file.
  package var version = "1"
  /// The chunk loading that the statistics name: `readFile` for async-node, `jsonp` for web.
  package var loading = "readFile"
  /// Exposed modules; each has a chunk of its own, which opens the one with the route.
  package var exposes = ["./Header"]
  /// Modules of other containers that the first exposed module imports.
  package var remotes: [(container: String, expose: String)] = []

  package init(
    name: String, version: String = "1", loading: String = "readFile",
    exposes: [String] = ["./Header"], remotes: [(container: String, expose: String)] = []
  ) {
    self.name = name
    self.version = version
    self.loading = loading
    self.exposes = exposes
    self.remotes = remotes
  }

  /// The files of the output folder, `stats.json` left out.
  package var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [
      "remoteEntry.js": Array(
        "module.exports = {}; var v = \"\(version)\"; // entry of \(name)".utf8),
      "route.js": chunk("route"),
      "route.css": Array(".route { --v: '\(version) of \(name)' }".utf8),
      "unused.png": Array("\u{89}PNG \(version) of \(name)".utf8),
    ]
    for expose in exposes { files["\(Self.id(of: expose)).js"] = chunk(Self.id(of: expose)) }
    return files
  }

  /// What webpack writes about the build.
  package var stats: [UInt8] {
    let entry =
      "container entry (default) ["
      + exposes.map { "[\"\($0)\",{\"import\":[\".\($0).js\"]}]" }.joined(separator: ",") + "]"
    var chunks: [[String: Any]] = [
      [
        "id": name, "names": [name], "files": ["remoteEntry.js"], "runtime": [name],
        "entry": true, "initial": true, "origins": [Any](),
      ],
      [
        "id": "route", "files": ["route.js", "route.css"], "runtime": [name],
        "origins": exposes.map { ["moduleIdentifier": Self.module($0), "loc": "1:0"] },
      ],
    ]
    var modules: [[String: Any]] = [
      [
        "identifier": entry, "moduleType": "javascript/dynamic", "id": "entry", "chunks": [name],
        "reasons": [["type": "container entry", "loc": name]],
      ],
      [
        "identifier": "webpack/runtime/\(loading) chunk loading", "moduleType": "runtime",
        "chunks": [name], "reasons": [Any](),
      ],
    ]
    for expose in exposes {
      let id = Self.id(of: expose)
      chunks.append([
        "id": id, "files": ["\(id).js"], "runtime": [name],
        "origins": [["moduleIdentifier": entry, "loc": expose]],
      ])
      modules.append([
        "identifier": Self.module(expose), "moduleType": "javascript/auto", "id": id,
        "chunks": [id],
        "reasons": [
          ["type": "container exposed", "moduleIdentifier": entry, "loc": "\(expose)[0]"]
        ],
      ])
    }
    for remote in remotes {
      let reference = "webpack/container/reference/\(remote.container)"
      modules.append([
        "identifier": "remote (default) \(reference) \(remote.expose)",
        "moduleType": "remote-module", "id": "to-\(remote.container)",
        "chunks": [Self.id(of: exposes[0])],
        "reasons": [
          [
            "type": "harmony side effect evaluation", "moduleIdentifier": Self.module(exposes[0]),
            "loc": "1:0-9",
          ]
        ],
      ])
      modules.append([
        "identifier": "external commonjs-module \"\(remote.container)\"",
        "moduleType": "javascript/dynamic", "chunks": [Self.id(of: exposes[0])],
        "reasons": [["type": "remote to external", "userRequest": reference]],
      ])
    }
    let stats: [String: Any] = [
      "version": "5.97.1", "hash": "\(name)-\(version)", "publicPath": "auto",
      "assets": files.sorted { $0.key < $1.key }.map { ["name": $0.key, "size": $0.value.count] },
      "chunks": chunks, "modules": modules,
    ]
    guard
      let data = try? JSONSerialization.data(withJSONObject: stats, options: [.sortedKeys])
    else { preconditionFailure("a dictionary of texts and numbers is JSON") }
    return Array(data)
  }

  /// The bytes of everything that an origin serves of it.
  package var served: [String: [UInt8]] {
    files.merging(["stats.json": stats]) { $1 }
  }

  /// The chunk of an exposed module.
  package static func id(of expose: String) -> String { expose.dropFirst(2).lowercased() }

  private static func module(_ expose: String) -> String { "/app/\(expose.dropFirst(2)).js" }

  private func chunk(_ id: String) -> [UInt8] {
    Array(
      "exports.id=\"\(id)\",exports.ids=[\"\(id)\"],exports.modules={};// \(version) of \(name)"
        .utf8)
  }
}
