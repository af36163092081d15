import LarderCore

/// An origin's deploys of one build that differ in every file, not in any file's size: only their
/// description tells them apart.
final class MarkedDeploys: Sendable {
  private let files: [String: [UInt8]]
  private let number = Locked(0)

  /// - Parameter files: of a development build, whose scripts say that they are strict.
  init(files: [String: [UInt8]]) { self.files = files }

  /// Serves the next deploy from here on.
  func deploy() { number.withLock { $0 += 1 } }

  /// The deploy that is served now.
  var current: Int { number.withLock { $0 } }

  func answer(to request: ScriptedOrigin.Request) -> ScriptedOrigin.Answer {
    answer(to: request, from: current)
  }

  func answer(
    to request: ScriptedOrigin.Request, from deploy: Int
  ) -> ScriptedOrigin.Answer {
    guard let bytes = contents(deploy)[request.path] else { return .missing }
    let isDescription = request.path == "stats.json"
    return .body(bytes, type: isDescription ? "application/json" : "text/javascript")
  }

  /// All files of a deploy, `stats.json` among them.
  func contents(_ deploy: Int) -> [String: [UInt8]] {
    var contents = files
    for (path, bytes) in files {
      if path == "stats.json" {
        contents[path] = bytes + Array(repeating: 0x20, count: deploy)
      } else {
        contents[path] = Self.mark(bytes, deploy)
      }
    }
    return contents
  }

  /// Puts the deploy's four digits where the script has its directive, which has ten letters.
  private static func mark(_ script: [UInt8], _ deploy: Int) -> [UInt8] {
    guard let place = script.firstRange(of: Array("use strict".utf8)) else { return script }
    var marked = script
    marked.replaceSubrange(place, with: "deploy\(String(10_000 + deploy).suffix(4))".utf8)
    return marked
  }
}
