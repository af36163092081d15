import Glibc
import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

extension BundlerConfiguration {
  /// The configuration that is at `path`, or in the folder there under a usual name.
  static func path(at path: FilePath) throws(ClientError) -> FilePath {
    var status = stat()
    guard stat(path.string, &status) == 0 else {
      throw .file("read", .last("stat", on: path.string))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return path }
    guard let name = fileNames.first(where: { access(path.appending($0).string, F_OK) == 0 }) else {
      throw ClientError(
        code: .notFound, message: "'\(path)' has none of \(fileNames.joined(separator: ", "))",
        remedy: "name the file of the configuration", subject: path.string)
    }
    return path.appending(name)
  }

  /// What it says, and its text.
  static func read(_ path: FilePath) throws(ClientError) -> (BundlerConfiguration, text: String) {
    let bytes = try InputFile(path: path.string).readAll(sizeMax: bytesMax)
    let text = String(decoding: bytes, as: UTF8.self)
    guard let found = BundlerConfiguration(text) else {
      throw ClientError(
        code: .tooLarge, message: "'\(path)' is too long for a configuration", subject: path.string)
    }
    guard !found.federations.isEmpty else {
      throw ClientError(
        code: .invalidInput, message: "'\(path)' makes no ModuleFederationPlugin",
        remedy: "name the file that does, or add LarderPlugin where it is made",
        subject: path.string)
    }
    return (found, text)
  }
}
