import LarderCore
import LarderPlatform
import LarderService
import LarderStore
import LarderWire

/// A slab on its way to a client: what a SLABS frame says of it, and the descriptor that goes along.
final class HandedSlab: Sendable {
  let notice: SlabNotice
  let memory: SealedMemory

  init(_ slab: Slab, _ memory: consuming SealedMemory) {
    notice = SlabNotice(slab: slab.id, slabBytes: slab.byteCount)
    self.memory = memory
  }
}

/// The slabs that one connection was sent and has not dropped.
///
/// Shared by the loop and the worker that makes a batch. Bounded three ways: `slabsMax`,
/// descriptors that the client, and all clients, have not read yet, and what the store lets the
/// client's user hold.
final class HeldSlabs: Sendable {
  private struct State {
    var slabs: Set<UInt64> = []
    /// Descriptors sent since the client was last seen to have read everything.
    var unread = 0
    var isEnded = false
  }

  /// Whose process the client is.
  private let user: UInt32
  private let service: Service
  private let unread: UnreadDescriptors
  private let state = Locked(State())

  init(of user: UInt32, service: Service, unread: UnreadDescriptors) {
    self.user = user
    self.service = service
    self.unread = unread
  }

  /// Takes slabs for the client.
  ///
  /// - Returns: those that it has to be sent first; nil where it may not have all: answer with
  ///   bytes.
  func take(_ slabs: some Sequence<Slab>) -> [HandedSlab]? {
    state.withLock { state in
      var new: [HandedSlab] = []
      for slab in slabs where !state.slabs.contains(slab.id) {
        let isFull =
          state.isEnded || state.slabs.count >= WireLimits.slabsMax
          || state.unread >= WireLimits.descriptorsPerFrameMax
        let memory = isFull ? nil : handOut(slab)
        guard let memory else {
          for slab in new { giveBack(slab.notice.slab, in: &state) }
          state.unread -= new.count
          unread.remove(new.count)
          return nil
        }
        state.slabs.insert(slab.id)
        state.unread += 1
        new.append(memory)
      }
      return new
    }
  }

  /// Whether the client has all slabs of these.
  func hold(_ extents: [SlabExtent]) -> Bool {
    state.withLock { state in extents.allSatisfy { state.slabs.contains($0.slab.id) } }
  }

  private func handOut(_ slab: Slab) -> HandedSlab? {
    guard unread.add() else { return nil }
    // Without a descriptor left the bytes are as good.
    guard let memory = try? service.handOut(slab, to: user) else {
      unread.remove(1)
      return nil
    }
    return HandedSlab(slab, memory)
  }

  /// Whether descriptors may be on their way.
  var mayBeUnread: Bool { state.withLock { $0.unread > 0 } }

  /// The client has read all that was sent.
  func wereRead() { state.withLock { forgetUnread(&$0) } }

  /// The client is done with slabs; those that it does not have change nothing.
  func drop(_ slabs: [UInt64]) {
    state.withLock { state in
      for slab in slabs where state.slabs.contains(slab) { giveBack(slab, in: &state) }
    }
  }

  /// The connection is gone.
  func end() {
    state.withLock { state in
      state.isEnded = true
      forgetUnread(&state)
      for slab in state.slabs { giveBack(slab, in: &state) }
    }
  }

  private func forgetUnread(_ state: inout State) {
    unread.remove(state.unread)
    state.unread = 0
  }

  private func giveBack(_ slab: UInt64, in state: inout State) {
    state.slabs.remove(slab)
    service.takeBack(slab, from: user)
  }
}
