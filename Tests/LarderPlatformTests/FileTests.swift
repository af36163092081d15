import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import LarderPlatform

/// Answers each call by a rule, and remembers the calls.
private final class Rules: FaultInjector {
  private let rule: @Sendable (FileCall, Int) -> FileFault?
  let calls = Mutex<[FileCall]>([])
  /// Calls that were made and succeeded: what, where, and the bytes of a write.
  let made = Mutex<[String]>([])

  init(_ rule: @escaping @Sendable (FileCall, Int) -> FileFault?) { self.rule = rule }

  func fault(in operation: FileOperation) -> FileFault? {
    calls.withLock { $0.append(operation.call) }
    return rule(operation.call, operation.byteCount)
  }

  func made(_ operation: FileOperation) {
    let text = operation.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let names = [operation.path, operation.newPath].compactMap { $0?.lastComponent?.string }
    made.withLock {
      $0.append("\(operation.call) \(names.joined(separator: " ")) \(operation.offset) \(text)")
    }
  }
}

@Suite("File")
final class FileTests {
  let folder: FilePath

  init() {
    var template = Array("/tmp/larder-file-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    folder = FilePath(platformString: template)
  }

  deinit {
    for name in (try? FileSystem.real.names(in: folder)) ?? [] {
      unlink(folder.appending(name).string)
      rmdir(folder.appending(name).string)
    }
    rmdir(folder.string)
  }

  private func write(_ text: String, to file: borrowing File, at offset: Int64) throws {
    var text = text
    var failure: (any Error)?
    text.withUTF8 { bytes in
      do {
        try file.write(UnsafeRawBufferPointer(bytes), at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func read(_ count: Int, of file: borrowing File, at offset: Int64) throws -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    var failure: (any Error)?
    bytes.withUnsafeMutableBytes { buffer in
      do {
        read = try file.read(into: buffer, at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return String(decoding: bytes.prefix(read), as: UTF8.self)
  }

  /// The errno of the call that `body` makes fail; nil where it does not.
  private func errno(_ body: () throws -> Void) -> Errno? {
    do {
      try body()
      return nil
    } catch {
      return (error as? SystemCallError)?.errno
    }
  }

  @Test("A file is blank from where nothing but zeros follows, written or reserved")
  func isBlank() throws {
    let file = try FileSystem.real.open(folder.appending("file"), for: .create)
    try file.allocate(4 << 20)
    #expect(try file.isBlank(from: 0))
    for place in [0, 4095, 300_000, 1 << 20, 4 << 20 - 1] as [Int64] {
      try [7].withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
        try file.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(1)), at: place)
      }
      #expect(try !file.isBlank(from: 0))
      #expect(try !file.isBlank(from: place))
      #expect(try file.isBlank(from: place + 1))
    }
  }

  @Test("What is written at an offset is read there, up to the end of the file")
  func readWrite() throws {
    let file = try FileSystem.real.open(folder.appending("a"), for: .create)
    try write("hello", to: file, at: 3)
    #expect(try file.size() == 8)
    #expect(try read(5, of: file, at: 3) == "hello")
    #expect(try read(100, of: file, at: 6) == "lo")
    #expect(try read(4, of: file, at: 8) == "")
    try file.truncate(to: 5)
    #expect(try read(100, of: file, at: 3) == "he")
    try file.allocate(4096)
    #expect(try file.size() == 4096)
    try file.synchronizeData()
  }

  @Test("A file is created for its owner only, once, and not through a link")
  func opening() throws {
    let path = folder.appending("a")
    _ = try FileSystem.real.open(path, for: .create)
    #expect(try FileSystem.real.status(of: path).permissions == 0o600)
    #expect(errno { _ = try FileSystem.real.open(path, for: .create) } == .fileExists)
    _ = try FileSystem.real.open(path, for: .readWriteOrCreate)
    symlink(path.string, folder.appending("link").string)
    #expect(
      errno { _ = try FileSystem.real.open(folder.appending("link"), for: .read) }
        == .tooManySymbolicLinkLevels)
    #expect(
      errno { _ = try FileSystem.real.open(folder.appending("none"), for: .read) }
        == .noSuchFileOrDirectory)
  }

  @Test("Descriptors are closed with their owner and not inherited")
  func descriptors() throws {
    let path = folder.appending("a")
    var number: Int32 = -1
    do {
      let file = try FileSystem.real.open(path, for: .create)
      number = file.descriptor
      #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
      _ = try file.size()
    }
    // Another test may have been given the number since; then it is another file.
    var status = stat()
    let isClosed = fstat(number, &status) != 0
    var own = stat()
    stat(path.string, &own)
    #expect(isClosed || status.st_ino != own.st_ino)
  }

  @Test("Short and interrupted reads and writes go on where they stopped")
  func short() throws {
    let turn = Mutex(0)
    let rules = Rules { call, count in
      guard call == .pread || call == .pwrite else { return nil }
      let number = turn.withLock {
        $0 += 1; return $0
      }
      return number % 2 == 0 ? .fail(.interrupted) : .shorten(3)
    }
    let system = FileSystem(faults: rules)
    let file = try system.open(folder.appending("a"), for: .create)
    try write("0123456789", to: file, at: 0)
    #expect(try read(10, of: file, at: 0) == "0123456789")
    // Four parts of at most three bytes and an interruption between each two; the reading begins
    // with one.
    #expect(rules.calls.withLock { $0.filter { $0 == .pwrite }.count } == 7)
    #expect(rules.calls.withLock { $0.filter { $0 == .pread }.count } == 8)
  }

  @Test(
    "Each call can be failed, and its error names call, reason and path",
    arguments: FileCall.allCases)
  func faults(call: FileCall) throws {
    let isArmed = Mutex(false)
    let rules = Rules { made, _ in
      made == call && isArmed.withLock { $0 } ? .fail(.tooManyOpenFiles) : nil
    }
    let system = FileSystem(faults: rules)
    let path = folder.appending("a")
    let file = try system.open(path, for: .create)
    isArmed.withLock { $0 = true }
    do {
      switch call {
      case .open: _ = try system.open(path, for: .read)
      case .pread: _ = try read(1, of: file, at: 0)
      case .pwrite: try write("x", to: file, at: 0)
      case .fdatasync: try file.synchronizeData()
      case .fallocate: try file.allocate(10)
      case .ftruncate: try file.truncate(to: 1)
      case .fstat: _ = try file.size()
      case .mkdir: _ = try system.createDirectory(folder.appending("b"))
      case .readdir: _ = try system.names(in: folder)
      case .rename: try system.rename(path, to: folder.appending("b"))
      case .unlink: try system.unlink(path)
      case .fsyncDirectory: try system.synchronizeDirectory(folder)
      case .statvfs: _ = try system.space(at: folder)
      }
      Issue.record("\(call) did not fail")
    } catch {
      let error = try #require(error as? SystemCallError)
      #expect(error.errno == .tooManyOpenFiles)
      #expect(error.object.hasPrefix(folder.string))
      #expect(error.call == (call == .fsyncDirectory ? "fsync" : call.rawValue))
      #expect(error.description.contains("LimitNOFILE"))
    }
    isArmed.withLock { $0 = false }
    // The call was not made.
    #expect(try system.names(in: folder) == ["a"])
    #expect(try file.size() == 0)
  }

  @Test("An injector is told what was done, in order, with the bytes as they were moved")
  func observed() throws {
    let turn = Mutex(0)
    let rules = Rules { call, _ in
      let number = turn.withLock {
        $0 += 1; return $0
      }
      // The second of these calls is the unlink of nothing, the third the first write.
      return call == .pwrite && number == 3 ? .shorten(4) : nil
    }
    let system = FileSystem(faults: rules)
    let (first, second) = (folder.appending("a"), folder.appending("b"))
    let file = try system.open(first, for: .create)
    #expect(errno { try system.unlink(second) } == .noSuchFileOrDirectory)
    try write("sixbytes", to: file, at: 10)
    try file.synchronizeData()
    try file.truncate(to: 12)
    try system.rename(first, to: second)
    try system.unlink(second)
    #expect(
      rules.made.withLock { $0 } == [
        "open a 0 ", "pwrite a 10 sixb", "pwrite a 14 ytes", "fdatasync a 0 ", "ftruncate a 12 ",
        "rename a b 0 ", "unlink b 0 ",
      ])
  }

  @Test("An interrupted sync is a failure: nothing is tried again")
  func interruptedSync() throws {
    let rules = Rules { call, _ in call == .fdatasync ? .fail(.interrupted) : nil }
    let file = try FileSystem(faults: rules).open(folder.appending("a"), for: .create)
    #expect(errno { try file.synchronizeData() } == .interrupted)
    #expect(rules.calls.withLock { $0.filter { $0 == .fdatasync }.count } == 1)
  }

  @Test("Where a file system cannot reserve space the file only grows")
  func allocation() throws {
    let rules = Rules { call, _ in call == .fallocate ? .fail(.notSupportedOnSocket) : nil }
    let file = try FileSystem(faults: rules).open(folder.appending("a"), for: .create)
    try file.allocate(100)
    #expect(try file.size() == 100)
    try file.allocate(50)
    #expect(try file.size() == 100)
  }

  @Test("A lock keeps out every other opening, and ends with the file")
  func lock() throws {
    let path = folder.appending("a")
    let second = try FileSystem.real.open(path, for: .readWriteOrCreate)
    do {
      let first = try FileSystem.real.open(path, for: .readWriteOrCreate)
      #expect(try first.tryLock())
      #expect(try !second.tryLock())
      // Opening and closing the path elsewhere takes nothing away, as it would of a POSIX lock.
      _ = try FileSystem.real.open(path, for: .readWrite)
      #expect(try !second.tryLock())
      _ = try first.size()
    }
    #expect(try second.tryLock())
  }

  @Test("Folders are made once, listed in order, and names are changed and removed")
  func directories() throws {
    let system = FileSystem.real
    #expect(try system.createDirectory(folder.appending("sub")))
    #expect(try !system.createDirectory(folder.appending("sub")))
    #expect(try system.status(of: folder.appending("sub")).permissions == 0o700)
    for name in ["c", "a"] { _ = try system.open(folder.appending(name), for: .create) }
    #expect(try system.names(in: folder) == ["a", "c", "sub"])
    try system.rename(folder.appending("a"), to: folder.appending("b"))
    try system.unlink(folder.appending("c"))
    try system.synchronizeDirectory(folder)
    #expect(try system.names(in: folder) == ["b", "sub"])
    #expect(errno { try system.unlink(folder.appending("c")) } == .noSuchFileOrDirectory)
  }
}
