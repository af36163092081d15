import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// A file, or standard input, that is read once from its begin to its end.
///
/// Owns its descriptor and closes it at the end of its life, unless it is standard input.
struct InputFile: ~Copyable {
  /// As errors name it.
  let name: String
  /// The length of a regular file when it was opened; nil for pipes and devices.
  let sizeBytes: Int64?
  private let descriptor: Int32
  private var readBytes: Int64 = 0

  /// Opens what is at `path`; `-` is standard input.
  init(path: String) throws(ClientError) {
    if path == "-" {
      self.init(descriptor: STDIN_FILENO, name: "standard input", sizeBytes: nil)
    } else {
      try self.init(opening: FilePath(path), flags: 0, onlyRegular: false)
    }
  }

  /// Opens a regular file and nothing else; a symbolic link in the last place is refused.
  init(regularFileAt path: FilePath) throws(ClientError) {
    // Opening a pipe without a writer would wait for one.
    try self.init(opening: path, flags: O_NOFOLLOW | O_NONBLOCK, onlyRegular: true)
  }

  private init(opening path: FilePath, flags: Int32, onlyRegular: Bool) throws(ClientError) {
    let descriptor = Glibc.open(path.string, O_RDONLY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw .file("open", .last("open", on: path.string)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = SystemCallError.last("fstat", on: path.string)
      close(descriptor)
      throw .file("read", error)
    }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG || (kind != S_IFDIR && !onlyRegular) else {
      close(descriptor)
      let isFolder = kind == S_IFDIR
      throw ClientError(
        code: .io,
        message: "cannot read '\(path)': it is \(isFolder ? "a directory" : "no regular file")",
        remedy: isFolder ? "name files; 'larder publish' takes the folder of a build" : nil,
        subject: path.string)
    }
    self.init(
      descriptor: descriptor, name: path.string,
      sizeBytes: kind == S_IFREG ? Int64(status.st_size) : nil)
  }

  private init(descriptor: Int32, name: String, sizeBytes: Int64?) {
    self.descriptor = descriptor
    self.name = name
    self.sizeBytes = sizeBytes
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Fills a part of `buffer`; 0 at the end. Blocks.
  ///
  /// - Throws: `truncated` if a regular file has another length than when it was opened: what was
  ///   read of it is then neither the old content nor the new.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ClientError) -> Int {
    let count: Int
    do {
      count = try Descriptor.read(descriptor, into: buffer, named: name)
    } catch {
      throw .file("read", error)
    }
    readBytes += Int64(count)
    if let sizeBytes, count == 0 ? readBytes < sizeBytes : readBytes > sizeBytes {
      throw ClientError(
        code: .truncated, message: "'\(name)' changed while it was read",
        remedy: "try again when nothing writes to it", subject: name)
    }
    return count
  }

  /// All of it, if it is not longer than `sizeMax`.
  ///
  /// - Throws: `tooLarge`.
  consuming func readAll(sizeMax: Int) throws(ClientError) -> [UInt8] {
    var bytes: [UInt8] = []
    // One byte more than announced shows the end of the file without growing the array.
    bytes.reserveCapacity(min(Int(sizeBytes ?? 0), sizeMax) + 1)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    while case let count = try read(into: piece), count > 0 {
      guard bytes.count + count <= sizeMax else {
        throw ClientError(
          code: .tooLarge, message: "'\(name)' is larger than \(sizeMax) bytes", subject: name)
      }
      bytes.append(contentsOf: piece[..<count])
    }
    return bytes
  }
}
