import LarderPlatform
import SystemPackage

/// Reads whole files into one buffer, again and again.
final class FileReader {
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

  deinit { buffer.deallocate() }

  /// The bytes of a file of at most 1 MiB, valid until the next call.
  func read(_ path: FilePath) throws(SystemCallError) -> UnsafeRawBufferPointer {
    let file = try FileSystem.real.open(path, for: .read)
    return UnsafeRawBufferPointer(rebasing: buffer[..<(try file.read(into: buffer, at: 0))])
  }
}
