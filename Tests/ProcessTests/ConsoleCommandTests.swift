import Foundation
import LarderClient
import LarderMessages
import LarderWire
import OriginRig
import Testing

@Suite("larder console")
struct ConsoleCommandTests {
  private struct Told: Decodable {
    let url: String
    let opened: Bool
  }

  /// A daemon whose gateway has said where it is.
  private static func start(
    in folder: Scratch, _ options: [String] = ["--gateway", "0"]
  ) throws -> DaemonProcess {
    let daemon = try DaemonProcess.start(in: folder, options: options)
    try daemon.settle { $0.gateways != nil }
    return daemon
  }

  @Test("tells the URL, which answers, and which nothing else prints")
  func tells() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try Self.start(in: folder)
      let url = try daemon.larder("console", "--print").text
        .trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(try daemon.larder("console", "--print", "--json").json(Told.self).url == url)
      let page = try Outcome.of("/usr/bin/curl", ["--silent", "--fail", url])
      #expect(page.status == 0 && page.text.contains("<title>Larder</title>"))
      // The key is the user's alone, and outlives the daemon.
      let key = try #require(URL(string: url)).pathComponents[1]
      let file = folder.path("store/console.key")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "\(key)\n")
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
      for words in [["status"], ["status", "--json"]] {
        let outcome = try Outcome.larder(words, socket: daemon.socket)
        #expect(outcome.status == 0 && !outcome.text.contains(key))
      }
      #expect(try daemon.larder("status").text.contains("larder console"))
    }
  }

  @Test("opens a file that only its user reads, and no URL that others see")
  func opens() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try Self.start(in: folder)
      // In place of a browser.
      let programs = folder.path("bin")
      try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(programs)/xdg-open", withDestinationPath: "/bin/true")
      let outcome = try Outcome.of(
        ChildProcess.programs.appending(path: "larder").path, ["console", "--json"],
        environment: [
          "LARDER_SOCKET": daemon.socket, "PATH": programs,
          "XDG_DATA_HOME": folder.path("data"),
        ])
      #expect(try outcome.json(Told.self).opened)
      let page = folder.path("data/larder/console.html")
      let url = try outcome.json(Told.self).url
      #expect(try String(contentsOfFile: page, encoding: .utf8).contains("url=\(url)\""))
      let mode = try FileManager.default.attributesOfItem(atPath: page)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
    }
  }

  @Test(
    "says what is missing where there is none",
    arguments: [[], ["--gateway", "0.0.0.0:0", "--gateway-exposed"]])
  func missing(_ options: [String]) async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder, options: options)
      if !options.isEmpty { try daemon.settle { $0.gateways != nil } }
      let outcome = try daemon.larder("console", "--print")
      #expect(outcome.status == 66 && outcome.errors.contains("there is no console"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("store/console.key")))
    }
  }
}
