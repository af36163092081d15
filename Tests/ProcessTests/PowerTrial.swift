import Foundation
import LarderClient
import LarderCore
import Testing

import struct Crypto.SHA256

/// A store on a disk that loses power while clients put blobs, again and again; the clients'
/// knowledge is elsewhere.
final class PowerTrial: Sendable {
  private struct Known {
    /// What was sent, by digest.
    var sent: [Digest: [UInt8]] = [:]
    /// Acknowledged as durable.
    var durable: Set<Digest> = []
    /// Of those, the ones since the last look, which are read and not only asked for.
    var recent: [Digest] = []
  }

  private let seed: UInt64
  private let environment: [String: String]
  private let folder: Scratch
  private let disk: LoopDisk
  private let known = Locked(Known())

  /// - Parameter environment: for the daemon; so a library can come in front of its system calls.
  init(seed: UInt64, environment: [String: String] = [:]) throws {
    self.seed = seed
    self.environment = environment
    folder = try Scratch()
    disk = try LoopDisk(in: folder, mebibytes: 2048)
  }

  var durable: Int { known.withLock(\.durable.count) }

  /// Works until the power goes, brings it back and looks.
  ///
  /// - Returns: what is wrong, in words.
  func round(_ number: Int) throws -> [String] {
    var generator = SeededGenerator(seed: seed &+ UInt64(number))
    let left = Locked(1 + generator.below(60))
    let seeds = (0..<3).map { _ in generator.next() }
    var daemon = try start()
    let running = daemon
    try concurrently(3) { [self] worker in
      var generator = SeededGenerator(seed: seeds[worker])
      guard let client = try? running.connect() else { return }
      while left.withLock({ $0 > 0 }) {
        do {
          try put(generator.below(2) == 0 ? .durable : .accepted, client, &generator)
        } catch {
          // After the cut every write fails; before it none may.
          if left.withLock({ $0 > 0 }) { throw error }
        }
        let isLast = left.withLock { left in
          left -= 1
          return left == 0
        }
        if isLast { try disk.cutPower() }
      }
    }
    daemon.kill()
    try disk.restorePower()
    daemon = try start()
    defer { daemon.kill() }
    return try check(daemon).map { "seed \(seed), cut \(number): \($0)" }
  }

  private func start() throws -> DaemonProcess {
    try DaemonProcess.start(
      in: folder, store: disk.path + "/store", quota: 1, environment: environment)
  }

  private func put(
    _ ack: AckLevel, _ client: BlockingClient, _ generator: inout SeededGenerator
  ) throws {
    let bytes = generator.bytes(generator.below(16) == 0 ? 300_000 : 1 + generator.below(20_000))
    let digest = SHA256.hash(data: bytes).withUnsafeBytes { Digest(copying: $0) }
    known.withLock { $0.sent[digest] = bytes }
    _ = try client.put(bytes, ack: ack)
    if ack == .accepted { return }
    known.withLock { known in
      known.durable.insert(digest)
      known.recent.append(digest)
    }
  }

  private func check(_ daemon: DaemonProcess) throws -> [String] {
    let client = try daemon.connect()
    let (sent, durable, recent) = known.withLock { known in
      defer { known.recent = [] }
      return (known.sent, Array(known.durable), known.recent)
    }
    var found = zip(durable, try client.has(durable)).filter { !$1 }.map { "\($0.0) is lost" }
    // What was not acknowledged as durable is there whole, or not at all.
    let others = Array(Set(sent.keys).subtracting(durable))
    let present = zip(others, try client.has(others)).filter(\.1).map(\.0)
    for digest in recent + present {
      let bytes = try? client.get(digest)
      if bytes != sent[digest] { found.append("\(digest) is shown and not right") }
    }
    known.withLock { known in
      // Looked at once: the next cut takes nothing of what was here at a start.
      for digest in others { known.sent[digest] = nil }
    }
    return found
  }
}
