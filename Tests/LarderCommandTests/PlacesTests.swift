import LarderClient
import SystemPackage
import Testing

@testable import larder

@Suite("The places of a user's daemon")
struct PlacesTests {
  private func places(_ environment: [String: String], _ existing: [FilePath] = []) -> Places {
    Places(environment: environment) { existing.contains($0) }
  }

  private static let beside: FilePath = "/home/user/.local/share/larder/run/larder.sock"
  private static let machine: FilePath = "/run/larder/larder.sock"

  @Test("keep the store where data is kept")
  func store() throws {
    #expect(
      try places(["HOME": "/home/user"]).store() == "/home/user/.local/share/larder/store")
    #expect(
      try places(["HOME": "/home/user", "XDG_DATA_HOME": "/data"]).store() == "/data/larder/store")
    #expect(
      try places(["HOME": "/home/user", "XDG_DATA_HOME": ""]).store()
        == "/home/user/.local/share/larder/store")
    #expect { try places([:]).store() } throws: { ($0 as? ClientError)?.exitStatus == 64 }
  }

  @Test("listen where an option, the environment or the session says, else beside the store")
  func listening() throws {
    var environment = ["HOME": "/home/user"]
    #expect(try places(environment).listeningSocket(named: nil) == Self.beside)
    environment["XDG_RUNTIME_DIR"] = "/run/user/7"
    #expect(
      try places(environment).listeningSocket(named: nil) == "/run/user/7/larder/larder.sock")
    environment["LARDER_SOCKET"] = "/tmp/s"
    #expect(try places(environment).listeningSocket(named: nil) == "/tmp/s")
    #expect(try places(environment).listeningSocket(named: "/tmp/t") == "/tmp/t")
  }

  @Test("are looked at in the same order, the machine's socket last")
  func connecting() throws {
    let home = ["HOME": "/home/user"]
    #expect(try places(home).connectingSocket(named: nil) == Self.beside.string)
    #expect(
      try places(home, [Self.machine]).connectingSocket(named: nil) == Self.machine.string)
    #expect(
      try places(home, [Self.machine, Self.beside]).connectingSocket(named: nil)
        == Self.beside.string)
    #expect(try places([:]).connectingSocket(named: nil) == Self.machine.string)
    let named = home.merging(["LARDER_SOCKET": "/tmp/s"]) { _, new in new }
    #expect(try places(named, [Self.beside]).connectingSocket(named: nil) == "/tmp/s")
  }

  @Test("are none with LARDER=off, unless an option names one")
  func off() throws {
    let off = places(["LARDER": "off", "HOME": "/home/user"])
    #expect { try off.connectingSocket(named: nil) } throws: {
      ($0 as? ClientError)?.code == .noDaemon
    }
    #expect(try off.connectingSocket(named: "/tmp/s") == "/tmp/s")
  }
}
