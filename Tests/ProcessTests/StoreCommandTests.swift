import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import Testing

@Suite("larder store")
struct StoreCommandTests {
  private static func put(_ text: String, _ daemon: DaemonProcess) throws -> Digest {
    try daemon.connect().put(Array(text.utf8), ack: .durable).digest
  }

  @Test("check ends with 0 for a sound store and with 74 for a damaged one, and names the blob")
  func check() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let digest = try Self.put("hello, world", daemon)
      let clean = try daemon.larder("store", "check", "--read-data")
      #expect(clean.status == 0 && clean.text.contains("0 findings"), "\(clean)")
      try daemon.damage(digest, in: folder)
      #expect(try daemon.larder("store", "check").status == 0)
      let damaged = try daemon.larder("store", "check", "--read-data", "--json")
      #expect(damaged.status == 74, "\(damaged)")
      let findings = try damaged.json(AdminMessage.Checked.self).findings
      #expect(findings.map(\.kind) == ["damagedRecord"] && findings.first?.digest == digest)
      #expect(try daemon.connect().has([digest]) == [false])
      let scrubbed = try daemon.larder("store", "scrub")
      #expect(scrubbed.status == 0 && scrubbed.text.contains("0 findings"), "\(scrubbed)")
      #expect(try daemon.larder("status").text.contains("1 records since the start"))
    }
  }

  @Test("ls, why, evict, purge and gc tell what there is and what went")
  func manage() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let digests = try ["one", "two", "three"].map { try Self.put($0, daemon) }
      let listed = try daemon.larder("store", "ls", "--json").json(AdminMessage.Listed.self)
      #expect(listed.realm == "default" && Set(listed.blobs.map(\.digest)) == Set(digests))
      #expect(try daemon.larder("store", "ls").text.split(separator: "\n").count == 3)
      let why = try daemon.larder("store", "why", digests[0].hex)
      #expect(why.status == 0 && why.text.contains("3 B") && why.text.contains("segment 1"))
      #expect(try daemon.larder("store", "evict", digests[0].hex).status == 0)
      #expect(try daemon.larder("store", "purge", digests[1].hex).text.contains("1 records"))
      #expect(try daemon.connect().has(digests) == [false, false, true])
      try Failure.of(["store", "why", digests[0].hex, "--realm", "nowhere"], daemon)
        .expectCode("notFound", 66)
      #expect(try daemon.larder("store", "why", digests[1].hex).status == 66)
      try Failure.of(["store", "evict", digests[0].hex], daemon).expectCode("notFound", 66)
      try Failure.of(["store", "purge", "12"], daemon).expectCode("badRequest", 64)
      let collected = try daemon.larder("store", "gc")
      #expect(collected.status == 0 && collected.text.hasPrefix("freed"), "\(collected)")
    }
  }

  @Test("is refused on a socket that is not the administrator's, and says where there is none")
  func refused() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let digest = try Self.put("hello", daemon)
      // What 'larder store' finds beside this name is the socket for everybody.
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("run/other.admin"), withDestinationPath: daemon.socket)
      for command in [["check"], ["ls"], ["purge", digest.hex]] {
        let outcome = try Outcome.larder(["store"] + command, socket: folder.path("run/other"))
        #expect(outcome.status == 77 && outcome.errors.contains("admin socket"), "\(outcome)")
      }
      let nobody = try Outcome.larder(["store", "ls"], socket: folder.path("run/nobody"))
      #expect(nobody.status == 69 && nobody.errors.contains("nobody.admin"), "\(nobody)")
      #expect(try daemon.connect().has([digest]) == [true])
    }
  }
}
