import LarderClient
import SystemPackage

extension OutputFile {
  /// Replaces the file at `path`, as a whole.
  static func write(_ text: String, to path: FilePath) throws(ClientError) {
    var file = try OutputFile(path: path.string)
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
    try file.commit()
  }
}
