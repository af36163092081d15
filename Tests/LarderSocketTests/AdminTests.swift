import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderStore
import LarderWire
import SystemPackage
import Testing

@testable import LarderSocket

@Suite("ADMIN over a socket")
struct AdminTests {
  @Test(
    "a socket that is not the admin's is refused every operation",
    arguments: AdminMessage.Operation.allCases)
  func refused(op: AdminMessage.Operation) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let digest = try client.put([1, 2, 3]).digest
        let error = #expect(throws: ClientError.self) {
          let _: EmptyMessage = try client.admin(.init(op: op, digest: digest))
        }
        #expect(error?.code.rawValue == "notPermitted" && error?.exitStatus == 77)
        #expect(try client.has([digest]) == [true])
      }
    }
  }

  @Test("a check tells how far it is, then what it found, and the damage is a miss")
  func check() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect(to: TestDaemon.admin)
        let bytes = noise(5_000, seed: 3)
        let digest = try client.put(bytes).digest
        var request = AdminMessage.Request(op: .check)
        request.readData = true
        var steps: [AdminMessage.Progress] = []
        let clean: AdminMessage.Checked = try client.admin(request) { steps.append($0) }
        #expect(clean.findings.isEmpty && clean.whole && clean.progress.readBytes > 5_000)
        #expect(steps.last == clean.progress)
        let why: AdminMessage.Reasons = try client.admin(.init(op: .why, digest: digest))
        let blob = try #require(why.blob)
        #expect(blob.size == 5_000 && why.releases.isEmpty && !blob.kept)
        let file = daemon.folder.appending("store/segments/0000000000000001.seg").string
        let handle = try #require(FileHandle(forUpdatingAtPath: file))
        try handle.seek(toOffset: UInt64(blob.offset) + 200)
        try handle.write(contentsOf: [1, 2, 3, 4])
        let damaged: AdminMessage.Checked = try client.admin(request)
        #expect(damaged.findings.map(\.kind) == ["damagedRecord"])
        #expect(damaged.findings.first?.digest == digest && damaged.repaired == 0)
        #expect(damaged.findings.first?.realm == "default")
        #expect(try client.has([digest]) == [false])
        let scrubbed: AdminMessage.Checked = try client.admin(.init(op: .scrub))
        #expect(scrubbed.whole && scrubbed.findings.isEmpty)
      }
    }
  }

  @Test("blobs are listed in pages, evicted and purged, and what is missing is said")
  func manage() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect(to: TestDaemon.admin)
        let digests = try (1...3).map { try client.put([UInt8($0)]).digest }
        var request = AdminMessage.Request(op: .list)
        let page: AdminMessage.Listed = try client.admin(request)
        #expect(Set(page.blobs.map(\.digest)) == Set(digests) && page.realm == "default")
        request.after = page.blobs[1].digest
        let rest: AdminMessage.Listed = try client.admin(request)
        #expect(rest.blobs == [page.blobs[2]])
        let evicted: AdminMessage.Removed = try client.admin(.init(op: .evict, digest: digests[0]))
        #expect(evicted.records == 1)
        let purged: AdminMessage.Removed = try client.admin(.init(op: .purge, digest: digests[1]))
        #expect(purged.records == 1)
        #expect(try client.has(digests) == [false, false, true])
        let collected: AdminMessage.Collected = try client.admin(.init(op: .collect))
        #expect(collected.enough)
        func code(_ request: AdminMessage.Request) -> String? {
          do {
            let _: EmptyMessage = try client.admin(request)
            return nil
          } catch { return error.code.rawValue }
        }
        #expect(code(.init(op: .evict, digest: digests[0])) == "notFound")
        #expect(code(.init(op: .evict)) == "badRequest")
        #expect(code(.init(op: .why, realm: "nowhere", digest: digests[2])) == "notFound")
        var share = AdminMessage.Request(op: .check)
        share.subset = [3, 2]
        #expect(code(share) == "badRequest")
      }
    }
  }
}
