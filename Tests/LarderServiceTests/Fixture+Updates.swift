import LarderMessages
import LarderOrigin
import LarderRegistry

@testable import LarderService

/// A service that updates its remotes while `body` runs; `turn` lets one update of its only
/// remote pass and answers the remote as it is then.
func withUpdates(
  _ policy: RealmPolicy = RealmPolicy(),
  _ body:
    (Fixture, ManualClock, _ turn: () async throws -> RemoteMessage.Remote) async throws -> Void
) async throws {
  let clock = ManualClock()
  let rest = ManualClock()
  try await withService(policy: policy, timing: clock.timing) { fixture in
    let keeper = Task { await fixture.service.keepRemotes(sleep: rest.timing.sleep) }
    _ = await rest.pauses(1)
    try await body(fixture, clock) {
      clock.advance(await clock.pauses(1)[0])
      _ = await clock.pauses(1)
      return try await fixture.service.showRemote("nav", for: fixture.peer)
    }
    keeper.cancel()
    await keeper.value
  }
}
