import LarderCore
import LarderGateway
import LarderMetrics
import LarderPlatform
import LarderService
import Logging
import ServiceLifecycle
import SystemPackage

// What operators see of a daemon.

extension Daemon {
  /// The faces with the operators' around them, if there is one: it begins before them and ends after
  /// them, and a signal is told to readiness first.
  static func observed(
    _ faces: [any ServiceLifecycle.Service], _ settings: Settings,
    _ service: LarderService.Service, _ measured: [any Measured], _ log: Logger
  ) -> [any ServiceLifecycle.Service] {
    guard let operations = settings.operations else { return faces }
    if !operations.address.isLocal {
      log.warning(
        "metrics can be read from other machines", metadata: ["address": "\(operations.address)"])
    }
    let drain = Drain()
    let face = Operations(
      operations, service: service, measured: measured, drain: drain,
      server: "larderd/\(LarderVersion.current)", log: log)
    return [face] + faces + [drain]
  }

  /// The file that a face writes its answers down in, if it was told one.
  ///
  /// - Parameter path: `-` for standard output.
  static func openAccessLog(
    _ path: String?, _ instruments: Instruments, _ log: Logger
  ) throws(DaemonError) -> AccessLog? {
    guard let path else { return nil }
    do throws(SystemCallError) {
      return try AccessLog(
        at: path == "-" ? nil : FilePath(path), instruments: instruments, log: log)
    } catch {
      throw DaemonError(error)
    }
  }
}
