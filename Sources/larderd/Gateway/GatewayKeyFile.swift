import Glibc
import LarderGateway
import LarderPlatform
import SystemPackage

/// Where a store's gateway keeps its key and that of its console, so that URLs outlive the daemon.
enum GatewayKeyFile {
  static let name = "gateway.key"
  static let consoleName = "console.key"

  /// The key in the store's folder, which only the daemon's user reads; made the first time.
  ///
  /// - Throws: where the file cannot be read or written, or holds something else.
  static func key(
    in store: FilePath, named name: String = name
  ) throws(DaemonError) -> GatewayKey {
    let path = store.appending(name)
    do throws(SystemCallError) {
      let file = try FileSystem.real.open(path, for: .readWriteOrCreate)
      let size = try file.size()
      guard size == 0 else {
        var bytes = [UInt8](repeating: 0, count: Int(min(size, 256)))
        let count = try bytes.withUnsafeMutableBufferPointer {
          (buffer) throws(SystemCallError) in
          try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
        }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let key = GatewayKey(text.filter { !$0.isWhitespace }) else {
          throw SystemCallError(call: "read", errno: .invalidArgument, object: path.string)
        }
        return key
      }
      var random = SystemRandomNumberGenerator()
      let key = GatewayKey(using: &random)
      let text = Array("\(key.text)\n".utf8)
      try text.withUnsafeBufferPointer { (buffer) throws(SystemCallError) in
        try file.write(UnsafeRawBufferPointer(buffer), at: 0)
      }
      try file.synchronizeData()
      return key
    } catch {
      throw DaemonError(error)
    }
  }
}
