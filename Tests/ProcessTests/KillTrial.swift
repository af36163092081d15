import Foundation
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import Testing

import struct Crypto.SHA256

/// A store that survives its daemons, and what clients know of it.
final class KillTrial: Sendable {
  /// A blob that was sent, as the place of its bytes: they are too many to keep.
  struct Blob: Hashable, Sendable {
    let mark: UInt64
    let start: Int
    let size: Int
  }

  private struct Known {
    /// By digest; an acknowledged one has to be there, one that was only sent may be.
    var sent: [Digest: Blob] = [:]
    var acknowledged: Set<Digest> = []
    var acknowledgedSinceStart: [Digest] = []
    /// Release ids by what was published under them.
    var releases: [String: [String: Digest]] = [:]
    var published: String?
    var updates = 0
    /// Acknowledgements of each kind over all rounds: a trial without some proves nothing.
    var publications = 0
    var completions = 0
  }

  private let seed: UInt64
  private let folder: Scratch
  private let noise: [UInt8]
  private let build: [String: [UInt8]]
  private let origin: ScriptedOrigin
  private let deploys: Deploys
  private let known = Locked(Known())
  private let rounds = Locked(0)

  /// Daemons that died within a publication or a completion, so that the loop shows what it hit.
  private let cut = Locked((puts: 0, publications: 0, completions: 0))

  init(seed: UInt64) throws {
    self.seed = seed
    folder = try Scratch()
    var generator = SeededGenerator(seed: seed)
    noise = generator.bytes(4 << 20)
    let graph = try BuiltGraph.nested()
    build = try graph.files(of: "c")
    let deploys = Deploys(files: try graph.files(of: "c"))
    self.deploys = deploys
    origin = try ScriptedOrigin { deploys.answer(to: $0) }
  }

  deinit { origin.stop() }

  /// Starts a daemon, holds it to what is known, and kills it within new work.
  func round() throws {
    let number = rounds.withLock { rounds in
      rounds += 1
      return rounds
    }
    let daemon = try DaemonProcess.start(in: folder)
    try check(daemon, number: number)
    known.withLock { $0.acknowledgedSinceStart = [] }
    var generator = SeededGenerator(seed: seed &+ UInt64(number))
    let killer = Killer(daemon: daemon, after: 1 + generator.below(200))
    deploys.onRequest { killer.step() }
    let seeds = (0..<4).map { _ in generator.next() }
    try concurrently(4) { [self] worker in
      let client: BlockingClient
      do { client = try daemon.connect() } catch { return }
      var generator = SeededGenerator(seed: seeds[worker])
      do throws(ClientError) {
        while true {
          switch worker {
          case 0: try put(.accepted, client, killer, &generator)
          case 1: try put(.durable, client, killer, &generator)
          case 2: try publish(client, killer, &generator)
          default: try update(client, killer)
          }
        }
      } catch {
        // The daemon's death ends every worker; all else is a defect.
        let isDeath = error.code == .connectionLost || error.code.rawValue == "shuttingDown"
        if !isDeath {
          killer.strike()
          throw error
        }
      }
    }
    daemon.kill()
  }

  /// Opens the store once more and reads everything that it ever acknowledged.
  func finish() throws {
    let daemon = try DaemonProcess.start(in: folder)
    try check(daemon, number: 0)
    let client = try daemon.connect()
    let (all, blobs, publications, completions) = known.withLock {
      (Array($0.acknowledged), $0.sent, $0.publications, $0.completions)
    }
    for digest in all {
      let bytes = try client.get(digest)
      #expect(isRight(bytes, blobs[digest]), "seed \(seed): \(digest)")
    }
    let cut = cut.withLock { $0 }
    print(
      "SIGKILL: \(all.count) blobs, \(publications) publications, \(completions) updates "
        + "acknowledged; cut \(cut.puts) puts, \(cut.publications) publications, "
        + "\(cut.completions) updates")
    #expect(all.count > KillTests.kills && publications > 10 && completions > 10)
    #expect(cut.puts > 10 && cut.publications > 10 && cut.completions > 10)
    #expect(daemon.end() == 0)
    // The last round's killer holds its daemon, and that one the folder.
    deploys.onRequest {}
  }

  // MARK: - Work

  private func put(
    _ ack: AckLevel, _ client: BlockingClient, _ killer: Killer, _ generator: inout SeededGenerator
  ) throws(ClientError) {
    let size =
      switch generator.below(10) {
      case 0: 1 << 20 | generator.below(1 << 20)
      case 1...3: generator.below(64 << 10)
      default: generator.below(4 << 10)
      }
    let blob = Blob(
      mark: generator.next(), start: generator.below(noise.count - size - 8), size: size + 8)
    let bytes = bytes(of: blob)
    let digest = Self.digest(bytes)
    known.withLock { $0.sent[digest] = blob }
    killer.step()
    do throws(ClientError) {
      var place = 0
      let answer = try client.put(ack: ack, size: ByteCount(bytes.count)) { buffer in
        let count = min(buffer.count, bytes.count - place, 300_000)
        bytes.withUnsafeBytes { all in
          buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[place..<place + count]))
        }
        place += count
        killer.step()
        return count
      }
      #expect(answer.digest == digest)
    } catch {
      cut.withLock { $0.puts += 1 }
      throw error
    }
    acknowledge(digest)
    killer.step()
  }

  /// Publishes the build with one file more, so that each is a release of its own.
  private func publish(
    _ client: BlockingClient, _ killer: Killer, _ generator: inout SeededGenerator
  ) throws(ClientError) {
    var files: [PublishMessage.File] = []
    var digests: [String: Digest] = [:]
    var contents = build
    let stats = contents.removeValue(forKey: "stats.json") ?? []
    contents["notes.txt"] = generator.bytes(100 + generator.below(200_000))
    for (path, bytes) in contents {
      let digest = try client.put(bytes, ack: .durable).digest
      digests[path] = digest
      files.append(PublishMessage.File(path: path, digest: digest, size: ByteCount(bytes.count)))
      killer.step()
    }
    let description = try client.put(stats, ack: .durable).digest
    let id = Self.releaseID(files, target: "node")
    known.withLock { $0.releases[id] = digests }
    killer.step()
    do throws(ClientError) {
      let release = try client.control(
        .publish,
        PublishMessage.Request(
          name: "published", variants: [.init(stats: description, files: files)]),
        as: ReleaseMessage.self)
      #expect(release.release == id)
    } catch {
      cut.withLock { $0.publications += 1 }
      throw error
    }
    known.withLock { known in
      known.published = id
      known.publications += 1
    }
    killer.step()
  }

  /// Lets the daemon fetch a new deploy of the same build from its origin.
  private func update(_ client: BlockingClient, _ killer: Killer) throws(ClientError) {
    let names = known.withLock { known in
      known.updates += 1
      return known.updates
    }
    deploys.deploy(names)
    do throws(ClientError) {
      // Known from the second time on; a name that was taken at the same URLs is no error.
      let _: RemoteMessage.Remote = try client.control(
        .remote, RemoteMessage.Request(op: .add, name: "fetched", urls: [origin.url]))
      let remote: RemoteMessage.Remote = try client.control(
        .remote, RemoteMessage.Request(op: .update, name: "fetched"))
      #expect(remote.state == .complete)
    } catch {
      cut.withLock { $0.completions += 1 }
      throw error
    }
    known.withLock { $0.completions += 1 }
    killer.step()
  }

  // MARK: - Checks

  private func check(_ daemon: DaemonProcess, number: Int) throws {
    let client = try daemon.connect()
    let (recent, all, sent, published, releases, completions) = known.withLock {
      (
        $0.acknowledgedSinceStart, Array($0.acknowledged), $0.sent, $0.published, $0.releases,
        $0.completions
      )
    }
    let present = try client.has(all)
    for (digest, isPresent) in zip(all, present) where !isPresent {
      Issue.record("seed \(seed), round \(number): acknowledged blob \(digest) is lost")
    }
    for digest in recent {
      let bytes = try client.get(digest)
      #expect(isRight(bytes, sent[digest]), "seed \(seed), round \(number): \(digest)")
    }
    // What was not acknowledged is there whole, or not at all.
    let open = Array(Set(sent.keys).subtracting(all))
    for (digest, isPresent) in zip(open, try client.has(open)) where isPresent {
      let bytes = try client.get(digest)
      #expect(isRight(bytes, sent[digest]), "seed \(seed), round \(number): \(digest)")
    }
    let list: RemoteMessage.List = try client.control(.remote, RemoteMessage.Request(op: .list))
    for remote in list.remotes {
      for release in remote.releases where remote.name == "published" {
        let files = try #require(releases[release.release], "a release that nobody published")
        let digests = files.values.map { $0 }
        #expect(release.variants.map(\.files) == [files.count])
        #expect(try client.has(digests) == digests.map { _ in true })
      }
      if remote.current != nil { try checkPlan(of: remote.name, client) }
    }
    let names = Dictionary(uniqueKeysWithValues: list.remotes.map { ($0.name, $0) })
    if let published {
      // The last one that was acknowledged, or one that was committed after it.
      let ids = names["published"]?.releases.map(\.release) ?? []
      #expect(
        ids.contains(published), "seed \(seed), round \(number): release \(published) is lost")
    }
    if completions > 0 { #expect(names["fetched"]?.current != nil) }
  }

  /// Reads all files that a plan of the current release names, and compares them with the build's.
  private func checkPlan(of name: String, _ client: BlockingClient) throws {
    var contents: [Digest: [UInt8]] = [:]
    let head = try client.open(
      OpenMessage.Request(
        requests: [PlanRequest(remote: name, expose: "./C")], include: [.required, .reachable])
    ) { _, blob, bytes in contents[blob.digest, default: []] += bytes }
    #expect(head.plan?.errors.isEmpty == true && head.files.count == 2)
    for file in head.files {
      #expect(contents[file.digest] == build[file.path], "\(name)/\(file.path)")
    }
  }

  private func acknowledge(_ digest: Digest) {
    known.withLock { known in
      known.acknowledged.insert(digest)
      known.acknowledgedSinceStart.append(digest)
    }
  }

  private func bytes(of blob: Blob) -> [UInt8] {
    withUnsafeBytes(of: blob.mark) { Array($0) } + noise[blob.start..<blob.start + blob.size - 8]
  }

  private func isRight(_ bytes: [UInt8], _ blob: Blob?) -> Bool {
    guard let blob else { return false }
    return bytes == self.bytes(of: blob)
  }

  private static func digest(_ bytes: [UInt8]) -> Digest {
    SHA256.hash(data: bytes).withUnsafeBytes { Digest(copying: $0) }
  }

  /// As docs/protocol.md defines it.
  private static func releaseID(_ files: [PublishMessage.File], target: String) -> String {
    let lines = files.map { "\(target)\t\($0.path)\t\($0.digest)\t\($0.size.value)\n" }
    let hash = SHA256.hash(data: Data(lines.sorted().joined().utf8))
    return String(Hex.encode(Array(hash)).prefix(32))
  }
}
