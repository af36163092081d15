import LarderCore
import LarderMessages
import LarderStore

/// Runs one check at a time on a worker, for as long as the task that asked for it is wanted.
final class RunningCheck: Sendable {
  private let isRunning = Locked(false)

  /// - Throws: `busy` while another one runs; what `telling` throws ends the check.
  func run(
    _ options: CheckOptions, of content: Content, telling: Service.CheckDelivery
  ) async throws(ServiceError) -> CheckReport {
    let isFree = isRunning.withLock { running in
      defer { running = true }
      return !running
    }
    guard isFree else {
      throw ServiceError(
        .busy, "another check of the store runs", remedy: "ask again when it has ended")
    }
    defer { isRunning.withLock { $0 = false } }
    let isStopped = Locked(false)
    let (steps, step) = AsyncStream.makeStream(
      of: CheckProgress.self, bufferingPolicy: .bufferingNewest(1))
    let work = Task { () -> Result<CheckReport, ServiceError> in
      defer { step.finish() }
      do throws(ServiceError) {
        let report = try await content.run { (store) throws(StoreError) in
          try store.check(options) { progress in
            step.yield(progress)
            return !isStopped.withLock { $0 }
          }
        }
        return .success(report)
      } catch { return .failure(error) }
    }
    var failure: ServiceError?
    // Ends when the work does, or when this task is cancelled.
    for await progress in steps {
      do throws(ServiceError) { try await telling(AdminMessage.Progress(progress)) } catch {
        failure = error
        break
      }
    }
    isStopped.withLock { $0 = true }
    let result = await work.value
    if let failure { throw failure }
    return try result.get()
  }
}
