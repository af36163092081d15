import LarderCore

/// The segments that one put relies on, held from eviction for as long as the put lives.
///
/// A reference, so that copies of the put share it; used by one thread at a time, as the put is.
final class Reliance {
  var extent: Store.Extent = [:]
  private let store: Store

  init(_ store: Store) { self.store = store }

  deinit { store.state.withLock { $0.release(extent) } }
}
