import LarderCore
import LarderService
import LarderWire

/// The host sessions of one connection, by the numbers that the client chose; they end with it.
final class SessionTable: Sendable {
  private let sessions = Locked<[UInt32: HostSession]>([:])

  /// - Throws: `badRequest` for a number in use, `busy` beyond `sessionsMax`.
  func open(_ number: UInt32, _ session: HostSession) throws(ServiceError) {
    let refusal: ServiceError? = sessions.withLock { sessions in
      if sessions[number] != nil {
        return ServiceError(
          .badRequest, "session \(number) is open on this connection already",
          remedy: "choose another number", subject: "\(number)")
      }
      if sessions.count >= WireLimits.sessionsMax {
        return ServiceError(
          .busy, "this connection has \(WireLimits.sessionsMax) sessions",
          remedy: "close the connection, or open another one")
      }
      sessions[number] = session
      return nil
    }
    if let refusal { throw refusal }
  }

  /// - Throws: `unknownSession`.
  func session(_ number: UInt32) throws(ServiceError) -> HostSession {
    guard let session = sessions.withLock({ $0[number] }) else {
      throw ServiceError(
        .unknownSession, "no session \(number) on this connection", remedy: "INIT opens one",
        subject: "\(number)")
    }
    return session
  }
}
