import Foundation
import Glibc
import LarderMessages
import OriginRig
import Testing

@Suite("larderd --edge")
struct EdgeTests {
  private static let realms = #""realms": {"shop": {"origins": ["*"]}}, "sockets": []"#

  /// A policy with these sites, in a file.
  private static func policy(_ sites: String, in folder: Scratch) throws -> String {
    try folder.write(Array("{\(realms), \"sites\": [\(sites)]}".utf8), to: "policy.json")
    return folder.path("policy.json")
  }

  @Test("shows the public a policy's sites, and goes on after a restart without their origins")
  func sites() async throws {
    let origin = try await DeployOrigin(Deploy(name: "nav", loading: "jsonp"), at: "/nav/")
    try await blocking {
      let folder = try Scratch()
      let policy = try Self.policy(
        """
        {"hosts": ["remotes.example"], "base": "/assets", "realm": "shop", "fresh": "0s",
         "remotes": {"nav": ["\(origin.http.url("/nav/"))"]}}
        """, in: folder)
      let options = [
        "--edge", folder.path("edge.sock"), "--policy", policy, "--edge-log",
        folder.path("edge.log"),
      ]
      func entry() throws -> Outcome {
        try Outcome.of(
          "/usr/bin/curl",
          [
            "--silent", "--show-error", "--max-time", "60", "--retry", "50", "--retry-connrefused",
            "--retry-all-errors", "--retry-delay", "1", "--fail", "--unix-socket",
            folder.path("edge.sock"), "http://remotes.example/assets/remotes/nav/remoteEntry.js",
          ])
      }
      let first = try DaemonProcess.start(in: folder, options: options)
      let fresh = try entry()
      #expect(fresh.status == 0 && fresh.text.contains("../nav@"), "\(fresh)")
      #expect(first.end() == 0)
      origin.set(.down)
      let second = try DaemonProcess.start(in: folder, options: options)
      #expect(try entry().text == fresh.text)
      #expect(second.end() == 0)
      let log = try String(contentsOfFile: folder.path("edge.log"), encoding: .utf8)
      #expect(log.contains(#""remote":"nav""#))
    }
  }

  @Test(
    "does not start with sites that mean nothing",
    arguments: [
      (#"{"hosts": [], "realm": "shop", "remotes": {"nav": ["https://x.example/"]}}"#, "'hosts'"),
      (
        #"{"hosts": ["A.example"], "realm": "shop", "remotes": {"nav": ["https://x.example/"]}}"#,
        "lower case"
      ),
      (
        #"{"hosts": ["a.example"], "realm": "none", "remotes": {"nav": ["https://x.example/"]}}"#,
        "'none'"
      ),
      (#"{"hosts": ["a.example"], "realm": "shop", "remotes": {}}"#, "'remotes'"),
      (#"{"hosts": ["a.example"], "realm": "shop", "remotes": {"nav": []}}"#, "'remotes'"),
      (
        #"{"hosts": ["a.example"], "realm": "shop", "base": "x", "remotes": {"nav": ["https://x.example/"]}}"#,
        "'base'"
      ),
      (
        #"{"hosts": ["a.example"], "realm": "shop", "fresh": "8d", "remotes": {"nav": ["https://x.example/"]}}"#,
        "'fresh'"
      ),
      (
        #"{"hosts": ["a.example"], "realm": "shop", "pages": ["x"], "remotes": {"nav": ["https://x.example/"]}}"#,
        "'pages'"
      ),
      (
        #"{"hosts": ["a.example"], "realm": "shop", "mistaken": 1, "remotes": {"nav": ["https://x.example/"]}}"#,
        "mistaken"
      ),
      ("", "no 'sites'"),
    ])
  func wrong(_ site: String, _ reason: String) async throws {
    try await blocking {
      let folder = try Scratch()
      let policy = try Self.policy(site, in: folder)
      let ended = #expect(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: folder, options: ["--edge", "127.0.0.1:0", "--policy", policy])
      }
      #expect(ended?.status == 78 && ended?.log.contains(reason) == true, "\(ended?.log ?? "")")
    }
  }
}
