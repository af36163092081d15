import LarderPlatform
import SystemPackage
import Testing

@Suite("SocketPath")
struct SocketPathTests {
  static let user: FilePath = "/run/user/1/larder/larder.sock"

  @Test(
    "the first place that is named wins",
    arguments: [
      (["LARDER_SOCKET": "/a", "XDG_RUNTIME_DIR": "/run/user/1"], [user], .path("/a")),
      (["LARDER_SOCKET": "", "XDG_RUNTIME_DIR": "/run/user/1"], [user], .path(user)),
      (["LARDER": "off", "LARDER_SOCKET": "/a"], [user], .off),
      (["LARDER": "on", "LARDER_SOCKET": "/a"], [], .path("/a")),
      (["XDG_RUNTIME_DIR": "/run/user/1"], [user, SocketPath.machine], .path(user)),
      (["XDG_RUNTIME_DIR": "/run/user/1"], [SocketPath.machine], .path(SocketPath.machine)),
      (["XDG_RUNTIME_DIR": "/run/user/1"], [], .path(user)),
      (["XDG_RUNTIME_DIR": ""], [], .path(SocketPath.machine)),
      (["XDG_DATA_HOME": "/d", "HOME": "/h"], [], .path("/d/larder/run/larder.sock")),
      (["HOME": "/h"], [], .path("/h/.local/share/larder/run/larder.sock")),
      (["HOME": "/h"], [SocketPath.machine], .path(SocketPath.machine)),
      (["XDG_RUNTIME_DIR": "/run/user/1", "HOME": "/h"], [], .path(user)),
      ([:], [user], .path(SocketPath.machine)),
    ] as [([String: String], [FilePath], SocketPath)])
  func discover(environment: [String: String], existing: [FilePath], expected: SocketPath) {
    let found = SocketPath.discover(environment: environment) { existing.contains($0) }
    #expect(found == expected)
  }
}
