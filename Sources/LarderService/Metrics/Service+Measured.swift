import LarderCore
package import LarderMetrics
import LarderRegistry
import LarderStore
import Logging

extension Service: Measured {
  /// Adds what the store, the registry and the fetches count anyway. Waits for the registry.
  package func measure(into page: inout Exposition) async {
    StoreMetrics.add(content.store, lastScrub: lastScrub.withLock { $0 }, to: &page)
    page.declare(StoreMetrics.freeBytes)
    do throws(ServiceError) {
      let free = try await content.run { (store) throws(StoreError) in try store.freeBytes() }
      page.add(StoreMetrics.freeBytes, free)
    } catch {
      log.warning("free space is not known", metadata: ["reason": "\(error)"])
    }
    fetches.measure(into: &page)
    page.add(HostMetrics.sessions, sessions.count)
    let realms: [RegistryCounts]
    do { realms = try await registry.counts() } catch {
      // Readiness says so as well; what is told by realm is left out meanwhile.
      log.warning("what is registered was not counted", metadata: ["reason": "\(error)"])
      return
    }
    for counts in realms {
      let name = counts.name.description
      StoreMetrics.add(counts.realm, named: name, of: content.store, to: &page)
      OriginMetrics.add(fetches.counters.message(for: counts.realm), of: name, to: &page)
      OriginMetrics.add(await updates.failures(in: counts.realm), of: name, to: &page)
      page.add(HostMetrics.remotes, counts.remotes, [name])
      page.add(HostMetrics.releases, counts.releases, [name])
      page.add(HostMetrics.pins, counts.pins, [name])
      page.add(HostMetrics.watchers, watchers.count(in: counts.realm), [name])
    }
  }
}
