import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

import struct Crypto.SHA256

@testable import LarderService

@Suite("Refetching what is damaged")
struct RefetchTests {
  private func sha256(_ digest: Digest) -> String {
    "sha256-" + Data(digest.bytes).base64EncodedString()
  }

  /// A remote with a release of a deploy, from an origin.
  private func release(_ fixture: Fixture, _ deploy: Deploy) async throws -> DeployOrigin {
    let origin = try await DeployOrigin(deploy)
    _ = try await fixture.service.addRemote(deploy.name, urls: [origin.url], for: fixture.peer)
    _ = try await fixture.service.updateRemote(deploy.name, for: fixture.peer)
    return origin
  }

  private func digest(_ bytes: [UInt8]?) throws -> Digest {
    let hash = Array(SHA256.hash(data: try #require(bytes)))
    return hash.withUnsafeBytes { Digest(copying: $0) }
  }

  @Test("What a read finds damaged is fetched again in the background, with one request")
  func background() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "hello, world")
      origin.set("/b.js", "untouched")
      let url = origin.http.url("/a.js")
      let digest = try await fixture.ensure(url).digest
      let other = try await fixture.ensure(origin.http.url("/b.js")).digest
      try fixture.damage(digest)
      let keeper = Task { await fixture.service.keep(scrubbingEvery: nil) }
      defer { keeper.cancel() }
      try await expectError(.corrupt) { try await fixture.bytes(digest) }
      func refetchedBytes() -> Int64 {
        fixture.service.statistics(for: fixture.peer).origin.refetchedBytes
      }
      while refetchedBytes() == 0 { await Task.yield() }
      #expect(try await fixture.bytes(digest) == Array("hello, world".utf8))
      #expect(try await fixture.bytes(other) == Array("untouched".utf8))
      #expect(origin.counts == ["/a.js": 2, "/b.js": 1])
      #expect(refetchedBytes() == 12)
    }
  }

  @Test("A daemon that starts fetches what its releases name and the store lost")
  func missing() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await release(fixture, deploy)
      let lost = [try digest(deploy.files["route.js"]), try digest(deploy.stats)]
      for digest in lost { #expect(try fixture.store.evict(digest, in: fixture.peer.realm)) }
      let keeper = Task { await fixture.service.keep(scrubbingEvery: nil) }
      defer { keeper.cancel() }
      while lost.contains(where: { fixture.store.stat($0, in: fixture.peer.readable) == nil }) {
        await Task.yield()
      }
      #expect(origin.counts["/route.js"] == 2)
      #expect(try await fixture.bytes(lost[0]) == deploy.files["route.js"])
      #expect(try await fixture.bytes(lost[1]) == deploy.stats)
    }
  }

  @Test("What was purged is not fetched again unasked; a plan says so, and who asks for it gets it")
  func purged() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await release(fixture, deploy)
      let admin = try await fixture.service.capability(realm: "default", may: .administrator)
      let entry = try digest(deploy.files["remoteEntry.js"])
      _ = try await fixture.service.purge(.init(op: .purge, digest: entry), for: admin)
      let evicted = try digest(deploy.stats)
      #expect(try fixture.store.evict(evicted, in: fixture.peer.realm))
      #expect(try await fixture.service.refetches.missing().map(\.digest) == [evicted])
      try await expectError(.corrupt) {
        try await fixture.service.restore(entry, for: fixture.peer)
      }
      let plan = try await fixture.plan("nav", "./Header")
      let url = origin.http.url("/remoteEntry.js")
      #expect(
        plan.errors.contains {
          $0.message == "'remoteEntry.js' of 'nav' was purged"
            && $0.remedy.contains("larder fetch \(url)")
        }, "\(plan.errors)")
      let why = try await fixture.service.explain(.init(op: .why, digest: entry), for: admin)
      #expect(why.purgedAt == 1_700_000_000 && why.blob == nil)
      #expect(origin.counts["/remoteEntry.js"] == 1)
      _ = try await fixture.ensure(url)
      #expect(try await fixture.plan("nav", "./Header").errors.isEmpty)
      #expect(try await fixture.registry.purges(in: fixture.peer.realm).isEmpty)
    }
  }

  @Test("An origin that is gone is asked again after each pause, then left alone")
  func givenUp() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "hello, world")
      let url = origin.http.url("/a.js")
      let digest = try await fixture.ensure(url).digest
      let other = try await fixture.put(Array("untouched".utf8))
      try fixture.damage(digest)
      try await expectError(.corrupt) { try await fixture.bytes(digest) }
      origin.set("/a.js", nil)
      let slept = Locked<[Duration]>([])
      let before = origin.counts["/a.js"] ?? 0
      await fixture.service.refetches.mend(.init(digest: digest, realm: fixture.peer.realm)) {
        pause in slept.withLock { $0.append(pause) }
      }
      #expect(slept.withLock { $0 } == Refetches.pauses)
      #expect(origin.counts["/a.js"] == before + Refetches.pauses.count + 1)
      #expect(fixture.store.stat(digest, in: fixture.peer.readable) == nil)
      #expect(try await fixture.bytes(other) == Array("untouched".utf8))
      // Other bytes are no reason to ask again, and are not stored.
      origin.set("/a.js", "other bytes")
      slept.withLock { $0 = [] }
      await fixture.service.refetches.mend(.init(digest: digest, realm: fixture.peer.realm)) {
        pause in slept.withLock { $0.append(pause) }
      }
      #expect(slept.withLock { $0 }.isEmpty)
      #expect(fixture.store.statistics.total.blobs == 1)
    }
  }

  @Test("A plan brings back the files that are damaged, or says what to do")
  func plan() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await release(fixture, deploy)
      let damaged = try digest(deploy.files["route.js"])
      try fixture.damage(damaged)
      try await expectError(.corrupt) { try await fixture.bytes(damaged) }
      let before = origin.http.requests.count
      let plan = try await fixture.plan("nav")
      #expect(plan.isComplete && plan.cost.originRequests == 1)
      #expect(origin.http.requests.count == before + 1)
      for file in plan.files {
        #expect(try await fixture.bytes(file.digest) == deploy.files[file.path])
      }
      try fixture.damage(damaged)
      // Memory may have it; the disk is what is read here.
      _ = try fixture.store.check(.scrub)
      origin.set(.down)
      let without = try await fixture.plan("nav")
      #expect(without.errors.map(\.kind.rawValue) == ["corrupt"])
      #expect(without.errors.first?.message.contains("'route.js' of 'nav'") == true)
      #expect(without.files.count { $0.digest == nil } == 1)
      origin.set(.healthy)
      origin.deploy(Deploy(name: "nav", version: "2"))
      let redeployed = try await fixture.plan("nav")
      #expect(redeployed.errors.map(\.kind.rawValue) == ["corrupt"])
      #expect(redeployed.errors.first?.remedy.contains("larder remote update nav") == true)
    }
  }

  @Test("Plans of a release with a lost file share one request, until it is here")
  func rest() async throws {
    try await withService(lossRest: .seconds(86_400)) { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await release(fixture, deploy)
      let lost = try digest(deploy.files["route.js"])
      #expect(try fixture.store.evict(lost, in: fixture.peer.realm))
      origin.deploy(Deploy(name: "nav", version: "2"))
      for _ in 0..<3 {
        #expect(try await fixture.plan("nav").errors.map(\.kind.rawValue) == ["corrupt"])
      }
      #expect(origin.counts["/route.js"] == 2)
      try await fixture.put(#require(deploy.files["route.js"]))
      #expect(try await fixture.plan("nav").isComplete)
    }
  }

  @Test("An origin that may come back counts more than one that has something else")
  func severalOrigins() async throws {
    try await withService { fixture in
      let node = Deploy(name: "nav")
      let origin = try await DeployOrigin(node, at: "/node/")
      origin.deploy(Deploy(name: "nav", loading: "jsonp"), at: "/web/")
      _ = try await fixture.service.addRemote(
        "nav", urls: [origin.http.url("/node"), origin.http.url("/web")], for: fixture.peer)
      _ = try await fixture.service.updateRemote("nav", for: fixture.peer)
      let lost = try digest(node.stats)
      #expect(try fixture.store.evict(lost, in: fixture.peer.realm))
      origin.set("/node/stats.json", nil)
      let slept = Locked(0)
      await fixture.service.refetches.mend(.init(digest: lost, realm: fixture.peer.realm)) {
        _ in
        let number = slept.withLock { slept in
          slept += 1
          return slept
        }
        if number == 2 {
          origin.set("/node/stats.json", String(decoding: node.stats, as: UTF8.self))
        }
      }
      #expect(slept.withLock { $0 } == 2)
      #expect(try await fixture.bytes(lost) == node.stats)
    }
  }

  @Test("Damaged content that was published is an error that says to publish again")
  func published() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      try await fixture.publish(deploy)
      let damaged = try digest(deploy.files["route.js"])
      try fixture.damage(damaged)
      try await expectError(.corrupt) { try await fixture.bytes(damaged) }
      let plan = try await fixture.plan("nav")
      #expect(plan.errors.map(\.kind.rawValue) == ["corrupt"])
      #expect(plan.errors.first?.remedy.contains("larder publish nav") == true)
      try await fixture.publish(deploy)
      #expect(try await fixture.plan("nav").isComplete)
      let stray = try await fixture.put(Array("of nobody".utf8))
      try fixture.damage(stray)
      try await expectError(.corrupt) { try await fixture.bytes(stray) }
      try await expectError(.notFound) {
        try await fixture.service.restore(stray, for: fixture.peer)
      }
    }
  }

  @Test("An ENSURE that meets damage delivers the right bytes, with the rights of who asks")
  func ensure() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      var text = "0123456789"
      // Above a megabyte, in chunks: the first piece is sound.
      for _ in 0..<18 { text += text.reversed() }
      origin.set("/a.txt", text)
      let url = origin.http.url("/a.txt")
      let digest = try await fixture.ensure(url, authorization: "Bearer one").digest
      try fixture.damage(digest, at: fixture.store.statistics.total.storedBytes / 2)
      let received = Locked<[UInt8]>([])
      let reply = try await fixture.ensure(
        url, integrity: sha256(digest), authorization: "Bearer one"
      ) { bytes in received.withLock { $0 += bytes } }
      #expect(reply.source == .store)
      #expect(received.withLock { $0 } == Array(text.utf8))
      #expect(
        origin.http.requests.map { $0.headers["authorization"] } == ["Bearer one", "Bearer one"])
      #expect(
        fixture.service.statistics(for: fixture.peer).origin.refetchedBytes == text.utf8.count)
      // The value of an authorization is not kept, so nobody else can have it fetched.
      #expect(try fixture.store.evict(digest, in: fixture.peer.realm))
      let refusal = try await expectError(.corrupt) {
        try await fixture.service.restore(digest, for: fixture.peer)
      }
      #expect(refusal.remedy?.contains("authorization") == true)
      #expect(origin.http.requests.count == 2)
    }
  }

  @Test("A damaged piece of a large blob is fetched with the blob, not by itself")
  func piece() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      var text = "0123456789"
      for _ in 0..<18 { text += text.reversed() }
      origin.set("/a.txt", text)
      let digest = try await fixture.ensure(origin.http.url("/a.txt")).digest
      try fixture.damage(digest, at: fixture.store.statistics.total.storedBytes / 2)
      let keeper = Task { await fixture.service.keep(scrubbingEvery: nil) }
      defer { keeper.cancel() }
      try await expectError(.corrupt) { try await fixture.bytes(digest) }
      #expect(fixture.store.quarantine.map(\.isPart) == [true, false])
      while fixture.store.stat(digest, in: fixture.peer.readable) == nil { await Task.yield() }
      #expect(try await fixture.bytes(digest) == Array(text.utf8))
      #expect(origin.counts == ["/a.txt": 2])
    }
  }

  @Test("Content is fetched for the realm that lacks it, from where that realm had it")
  func realms() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "hello, world")
      let url = origin.http.url("/a.js")
      let digest = try await fixture.ensure(url).digest
      let other = try await fixture.service.capability(realm: "other")
      try await expectError(.notFound) { try await fixture.service.restore(digest, for: other) }
      #expect(origin.counts["/a.js"] == 1)
      _ = try await fixture.service.ensure(.init(url: url), for: other, deliver: nil)
      try fixture.damage(digest)
      try await expectError(.corrupt) { try await fixture.bytes(digest) }
      try await fixture.service.restore(digest, for: fixture.peer)
      #expect(try await fixture.bytes(digest) == Array("hello, world".utf8))
      #expect(fixture.service.statistics(for: other).origin.refetchedBytes == 0)
      #expect(fixture.service.statistics(for: fixture.peer).origin.refetchedBytes == 12)
    }
  }
}
