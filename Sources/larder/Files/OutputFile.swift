import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Where content is written to: standard output, a device, or a file that appears when it is whole.
///
/// A regular file is written under another name beside its own and renamed by `commit`. Without
/// `commit`, or if the process is killed, the file stays what it was.
struct OutputFile: ~Copyable {
  private let name: String
  private let descriptor: Int32
  /// The file to replace; nil for standard output and for what is no regular file.
  private let target: FilePath?
  private let temporary: FilePath?
  private var isCommitted = false

  /// Opens the way to `path`; `-` is standard output. Links are followed.
  init(path: String) throws(ClientError) {
    if path == "-" {
      self.init(name: "standard output", descriptor: STDOUT_FILENO)
      return
    }
    let place = try OutputFile.place(of: path)
    guard place.isReplaced else {
      let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .file("open", .last("open", on: path)) }
      self.init(name: path, descriptor: descriptor)
      return
    }
    let file = place.path.lastComponent?.string ?? "file"
    let temporary = place.path.removingLastComponent().appending(".\(file).larder-\(getpid())")
    let descriptor = Glibc.open(temporary.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .file("create", .last("open", on: temporary.string)) }
    self.init(name: path, descriptor: descriptor, target: place.path, temporary: temporary)
  }

  private init(
    name: String, descriptor: Int32, target: FilePath? = nil, temporary: FilePath? = nil
  ) {
    self.name = name
    self.descriptor = descriptor
    self.target = target
    self.temporary = temporary
  }

  deinit {
    if descriptor != STDOUT_FILENO { close(descriptor) }
    if !isCommitted, let temporary { unlink(temporary.string) }
  }

  /// Whether content goes to standard output, where nothing else may be printed.
  static func isStandardOutput(_ path: String) -> Bool { path == "-" }

  /// Writes all of `bytes`; blocks.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    if descriptor == STDOUT_FILENO { return try Console.write(bytes) }
    do {
      try Descriptor.write(bytes, to: descriptor, named: name)
    } catch {
      throw .file("write", error)
    }
  }

  /// Makes the file appear, with its bytes on the device before its name.
  mutating func commit() throws(ClientError) {
    guard let target, let temporary else { return }
    guard fdatasync(descriptor) == 0 else { throw .file("write", .last("fdatasync", on: name)) }
    guard rename(temporary.string, target.string) == 0 else {
      throw .file("write", .last("rename", on: name))
    }
    isCommitted = true
  }

  /// The file behind links, and whether it is one to replace: `/dev/null` is not.
  private static func place(
    of path: String
  ) throws(ClientError) -> (path: FilePath, isReplaced: Bool) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let error = SystemCallError.last("stat", on: path)
      guard error.errno == .noSuchFileOrDirectory else { throw .file("write", error) }
      return (FilePath(path), true)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard let real = realpath(path, nil) else {
        throw .file("write", .last("realpath", on: path))
      }
      defer { free(real) }
      return (FilePath(String(cString: real)), true)
    case S_IFDIR:
      throw ClientError(
        code: .io, message: "cannot write '\(path)': it is a directory", remedy: "name a file",
        subject: path)
    default: return (FilePath(path), false)
    }
  }
}
