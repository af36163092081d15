import FoundationEssentials
import HTTPTypes
import LarderFederation
import LarderMessages
import LarderService

/// What the console's routes lead to: calls of the service, as JSON.
struct ConsoleContent: Sendable {
  let service: LarderService.Service
  let peer: RealmCapability
  let history: StatisticsHistory

  /// - Throws: what the service refuses.
  func json(of data: ConsoleRoute.Data) async throws(Refusal) -> [UInt8] {
    do {
      switch data {
      case .remotes: return try Self.json(await service.listRemotes(for: peer))
      case .remote(let name): return try Self.json(await service.showRemote(name, for: peer))
      case .federation: return try Self.json(await service.federation(for: peer))
      case .shares: return try Self.json(await service.shares(of: nil, for: peer))
      case .plan(let remote, let expose, let target):
        return try Self.json(await plan(remote, expose, target))
      case .differences:
        return try Self.json(["differences": service.differences(for: peer)])
      case .usage: return try Self.json(await service.usage(for: peer))
      case .statistics: return try Self.json(service.statistics(for: peer))
      case .history: return try Self.json(["samples": history.samples])
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as ServiceError {
      throw Refusal(error)
    } catch {
      throw Refusal(.internalServerError, .internal, "the answer cannot be written: \(error)")
    }
  }

  /// Points `current` of one remote elsewhere; all that the console changes.
  ///
  /// - Returns: the remote as it is then.
  func change(_ route: ConsoleRoute) async throws(Refusal) -> [UInt8] {
    do {
      switch route {
      case .switch(let remote, let release):
        return try Self.json(
          await service.setChannel("current", to: release, of: remote, for: peer))
      case .rollback(let remote): return try Self.json(await service.rollBack(remote, for: peer))
      case .page, .file, .data, .events: throw Refusal.notFound
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as ServiceError {
      throw Refusal(error)
    } catch {
      throw Refusal(.internalServerError, .internal, "the answer cannot be written: \(error)")
    }
  }

  private func plan(
    _ remote: String, _ expose: String, _ target: ContainerTarget
  ) async throws -> Plan {
    let session = HostSession(host: HostFacts(name: "console", target: target))
    return try await service.plan(
      [PlanRequest(remote: remote, expose: expose)], consumes: [],
      telling: [.imports, .differences], in: session, for: peer
    ).body
  }

  static func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}
