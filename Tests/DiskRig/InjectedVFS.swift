import GRDBSQLite
import Glibc
package import LarderPlatform
import SystemPackage

/// A `sqlite3_vfs` around SQLite's own that asks an injector before each call and tells it after:
/// so a database lies on the same broken or journaled disk as the files beside it.
///
/// Reports open, read, write, truncate, sync and delete, and the syncs of directories that SQLite's
/// Unix VFS makes by itself: after the first sync of a log or journal that it created, and with a
/// deletion if asked. The shared memory of a log is no disk, so it is passed through. Source: "The
/// SQLite OS Interface or VFS", sqlite.org/vfs.html, and `os_unix.c` for the directories.
///
/// Nothing is opened through it after its end. What is open then stays good: a store that is dropped
/// has a thread that may be reading its index still.
package final class InjectedVFS {
  /// What `sqlite3_open_v2` is given.
  package let name: String
  private let context: VFSContext

  package init(_ injector: any FaultInjector) {
    guard let real = sqlite3_vfs_find(nil) else { preconditionFailure("SQLite has no VFS") }
    context = VFSContext(injector: injector, real: real)
    name = String(cString: context.vfs.pointee.zName)
    sqlite3_vfs_register(context.vfs, 0)
  }

  deinit { sqlite3_vfs_unregister(context.vfs) }
}

/// The extended codes of `SQLITE_IOERR`, macros that Swift does not see (sqlite3.h).
private enum IOFailure {
  static let read = SQLITE_IOERR | 1 << 8
  static let write = SQLITE_IOERR | 3 << 8
  static let sync = SQLITE_IOERR | 4 << 8
  static let truncate = SQLITE_IOERR | 6 << 8
  static let status = SQLITE_IOERR | 7 << 8
  static let delete = SQLITE_IOERR | 10 << 8
  static let memory = SQLITE_IOERR | 12 << 8
}

/// What the calls of one VFS share, as long as it can be found or has a file open.
private final class VFSContext {
  let injector: any FaultInjector
  let real: UnsafeMutablePointer<sqlite3_vfs>
  let vfs: UnsafeMutablePointer<sqlite3_vfs>
  let methods: UnsafeMutablePointer<sqlite3_io_methods>
  private let name: UnsafeMutablePointer<CChar>

  init(injector: any FaultInjector, real: UnsafeMutablePointer<sqlite3_vfs>) {
    self.injector = injector
    self.real = real
    methods = .allocate(capacity: 1)
    methods.initialize(to: OpenFile.methods)
    vfs = .allocate(capacity: 1)
    vfs.initialize(to: real.pointee)
    name = strdup("injected-\(UInt(bitPattern: vfs))")
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafePointer(name)
    vfs.pointee.szOsFile = Int32(OpenFile.headerSize) + real.pointee.szOsFile
    vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
    vfs.pointee.xOpen = { VFSContext.of($0).open($1, $2, $3, $4) }
    vfs.pointee.xDelete = { VFSContext.of($0).delete($1, syncsDirectory: $2 != 0) }
  }

  deinit {
    methods.deallocate()
    vfs.deallocate()
    free(name)
  }

  static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> VFSContext {
    guard let data = vfs?.pointee.pAppData else { preconditionFailure("a VFS of another") }
    return Unmanaged<VFSContext>.fromOpaque(data).takeUnretainedValue()
  }

  func open(
    _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
    _ outFlags: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    guard let file, let call = real.pointee.xOpen else { return SQLITE_CANTOPEN }
    file.pointee.pMethods = nil
    // Temporary files have no name and no life beyond the connection.
    let path = name.map { FilePath(platformString: $0) }
    let creates = flags & SQLITE_OPEN_CREATE != 0
    let operation = path.map { FileOperation(.open, $0, creates: creates) }
    if let operation, let code = failure(operation, SQLITE_CANTOPEN) { return code }
    let code = call(real, name, OpenFile.real(file), flags, outFlags)
    guard code == SQLITE_OK else { return code }
    let logs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL
    OpenFile.set(
      OpenFile(context: self, path: path, syncsDirectory: creates && flags & logs != 0), on: file)
    file.pointee.pMethods = UnsafePointer(methods)
    if let operation { injector.made(operation) }
    return SQLITE_OK
  }

  func delete(_ name: UnsafePointer<CChar>?, syncsDirectory: Bool) -> Int32 {
    guard let name, let call = real.pointee.xDelete else { return IOFailure.delete }
    let path = FilePath(platformString: name)
    let operation = FileOperation(.unlink, path)
    if let code = failure(operation, IOFailure.delete) { return code }
    let code = call(real, name, syncsDirectory ? 1 : 0)
    if code == SQLITE_OK {
      injector.made(operation)
      if syncsDirectory { noteDirectory(of: path) }
    }
    return code
  }

  func noteDirectory(of path: FilePath) {
    injector.made(FileOperation(.fsyncDirectory, path.removingLastComponent()))
  }

  /// The code of the fault that strikes here, as SQLite's Unix VFS would give it; nil for none.
  func failure(_ operation: FileOperation, _ code: Int32) -> Int32? {
    guard case .fail(let errno) = injector.fault(in: operation) else { return nil }
    switch errno {
    // It repeats what a signal interrupts, but for a sync.
    case .interrupted where operation.call != .fdatasync: return nil
    case .noSpace where operation.call == .pwrite: return SQLITE_FULL
    case .noMemory: return IOFailure.memory
    default: return code
    }
  }
}

/// An open file of the VFS: SQLite's own lies behind it in memory.
private final class OpenFile {
  let context: VFSContext
  let path: FilePath?
  private var syncsDirectory: Bool

  init(context: VFSContext, path: FilePath?, syncsDirectory: Bool) {
    self.context = context
    self.path = path
    self.syncsDirectory = syncsDirectory
  }

  private typealias Pointer = UnsafeMutablePointer<sqlite3_file>

  /// The methods' pointer and the reference to this, before the real file.
  static let headerSize = 16

  static func real(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file>
  {
    (UnsafeMutableRawPointer(file) + headerSize).assumingMemoryBound(to: sqlite3_file.self)
  }

  static func set(_ this: OpenFile, on file: UnsafeMutablePointer<sqlite3_file>) {
    (UnsafeMutableRawPointer(file) + 8).storeBytes(
      of: Unmanaged.passRetained(this).toOpaque(), as: UnsafeMutableRawPointer.self)
  }

  private static func reference(_ file: Pointer) -> Unmanaged<OpenFile> {
    Unmanaged.fromOpaque((UnsafeMutableRawPointer(file) + 8).load(as: UnsafeRawPointer.self))
  }

  /// Calls SQLite's own method between the question and the note.
  private static func call(
    _ file: Pointer?, _ failing: Int32, _ operation: (FilePath) -> FileOperation,
    _ body: (Pointer, UnsafePointer<sqlite3_io_methods>) -> Int32?
  ) -> Int32 {
    guard let file else { return SQLITE_MISUSE }
    let this = reference(file).takeUnretainedValue()
    let real = real(file)
    guard let methods = real.pointee.pMethods else { return SQLITE_MISUSE }
    guard let path = this.path else { return body(real, methods) ?? SQLITE_MISUSE }
    let operation = operation(path)
    if let code = this.context.failure(operation, failing) { return code }
    let code = body(real, methods) ?? SQLITE_MISUSE
    guard code == SQLITE_OK else { return code }
    this.context.injector.made(operation)
    if operation.call == .fdatasync, this.syncsDirectory {
      this.syncsDirectory = false
      this.context.noteDirectory(of: path)
    }
    return code
  }

  /// Calls SQLite's own method where no disk is touched.
  private static func pass(
    _ file: Pointer?, _ body: (Pointer, UnsafePointer<sqlite3_io_methods>) -> Int32?
  ) -> Int32 {
    guard let real = file.map(real), let methods = real.pointee.pMethods else {
      return SQLITE_MISUSE
    }
    return body(real, methods) ?? SQLITE_MISUSE
  }

  static var methods: sqlite3_io_methods {
    var methods = sqlite3_io_methods()
    // 2 has shared memory; 3 would read by mapping, past the injector.
    methods.iVersion = 2
    methods.xClose = { file in
      let code = OpenFile.pass(file) { $1.pointee.xClose?($0) }
      if let file { OpenFile.reference(file).release() }
      return code
    }
    methods.xRead = { file, buffer, count, offset in
      OpenFile.call(
        file, IOFailure.read, { FileOperation(.pread, $0, at: offset, byteCount: Int(count)) },
        { $1.pointee.xRead?($0, buffer, count, offset) })
    }
    methods.xWrite = { file, buffer, count, offset in
      let bytes = UnsafeRawBufferPointer(start: buffer, count: Int(count))
      return OpenFile.call(
        file, IOFailure.write,
        { FileOperation(.pwrite, $0, at: offset, byteCount: Int(count), bytes: bytes) },
        { $1.pointee.xWrite?($0, buffer, count, offset) })
    }
    methods.xTruncate = { file, size in
      OpenFile.call(
        file, IOFailure.truncate, { FileOperation(.ftruncate, $0, at: size) },
        { $1.pointee.xTruncate?($0, size) })
    }
    methods.xSync = { file, flags in
      OpenFile.call(
        file, IOFailure.sync, { FileOperation(.fdatasync, $0) },
        { $1.pointee.xSync?($0, flags) })
    }
    methods.xFileSize = { file, size in
      OpenFile.call(
        file, IOFailure.status, { FileOperation(.fstat, $0) },
        { $1.pointee.xFileSize?($0, size) })
    }
    methods.xLock = { file, level in OpenFile.pass(file) { $1.pointee.xLock?($0, level) } }
    methods.xUnlock = { file, level in OpenFile.pass(file) { $1.pointee.xUnlock?($0, level) } }
    methods.xCheckReservedLock = { file, out in
      OpenFile.pass(file) { $1.pointee.xCheckReservedLock?($0, out) }
    }
    methods.xFileControl = { file, code, argument in
      OpenFile.pass(file) { $1.pointee.xFileControl?($0, code, argument) }
    }
    methods.xSectorSize = { file in OpenFile.pass(file) { $1.pointee.xSectorSize?($0) } }
    methods.xDeviceCharacteristics = { file in
      OpenFile.pass(file) { $1.pointee.xDeviceCharacteristics?($0) }
    }
    methods.xShmMap = { file, region, size, extends, out in
      OpenFile.pass(file) { $1.pointee.xShmMap?($0, region, size, extends, out) }
    }
    methods.xShmLock = { file, offset, count, flags in
      OpenFile.pass(file) { $1.pointee.xShmLock?($0, offset, count, flags) }
    }
    methods.xShmBarrier = { file in
      guard let real = file.map(OpenFile.real) else { return }
      real.pointee.pMethods?.pointee.xShmBarrier?(real)
    }
    methods.xShmUnmap = { file, deletes in
      OpenFile.pass(file) { $1.pointee.xShmUnmap?($0, deletes) }
    }
    return methods
  }
}
