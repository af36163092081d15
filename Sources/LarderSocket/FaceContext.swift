import LarderPlatform
import LarderService
import Logging

/// What all connections of a face share.
struct FaceContext: Sendable {
  let service: Service
  /// Threads for what blocks on the store.
  let workers: WorkerPool
  let mailbox: LoopMailbox
  let counters: SocketCounters
  let instruments: SocketInstruments
  let limits: SocketLimits
  let unread: UnreadDescriptors
  /// Program and version, as HELLO tells it.
  let server: String
  let log: Logger
}
