import CPlatform
import Glibc
package import SystemPackage

/// An open file: owns its descriptor and closes it at the end of its life.
///
/// Reads and writes name their offset, so that threads share a file without a common position.
/// Every call blocks, goes through the file system's fault seam, and is safe from any thread.
package struct File: ~Copyable, Sendable {
  /// Where it was opened; errors name it. A later rename is not followed.
  package let path: FilePath
  let descriptor: Int32
  private let system: FileSystem

  init(owning descriptor: Int32, path: FilePath, system: FileSystem) {
    self.descriptor = descriptor
    self.path = path
    self.system = system
  }

  deinit {
    // An error of close(2) says nothing that a sync had not said, and nobody is left to tell.
    _ = Glibc.close(descriptor)
  }

  /// Reads until `buffer` is full or the file ends.
  ///
  /// - Returns: how many bytes were read; fewer than asked only at the end of the file.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
  ) throws(SystemCallError) -> Int {
    var done = 0
    while done < buffer.count {
      var count = buffer.count - done
      let place = offset + Int64(done)
      switch system.faults?.fault(
        in: FileOperation(.pread, path, at: place, byteCount: count))
      {
      case .fail(.interrupted): continue
      case .fail(let errno): throw failure("pread", errno)
      case .shorten(let limit): count = max(1, min(count, limit))
      case nil: break
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + count])
      let moved = pread(descriptor, part.baseAddress, count, off_t(place))
      if moved == 0 { break }
      if moved > 0 { done += moved } else if Glibc.errno != EINTR { throw last("pread") }
    }
    return done
  }

  /// Writes all of `bytes`; on an error some of them may be in the file.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError) {
    var done = 0
    while done < bytes.count {
      var count = bytes.count - done
      let place = offset + Int64(done)
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      switch system.faults?.fault(
        in: FileOperation(.pwrite, path, at: place, byteCount: count, bytes: rest))
      {
      case .fail(.interrupted): continue
      case .fail(let errno): throw failure("pwrite", errno)
      case .shorten(let limit): count = max(1, min(count, limit))
      case nil: break
      }
      let moved = pwrite(descriptor, rest.baseAddress, count, off_t(place))
      if moved < 0 {
        if Glibc.errno != EINTR { throw last("pwrite") }
        continue
      }
      if moved == 0 { throw failure("pwrite", .ioError) }
      done += moved
      system.faults?.made(
        FileOperation(
          .pwrite, path, at: place, byteCount: moved,
          bytes: UnsafeRawBufferPointer(rebasing: rest[..<moved])))
    }
  }

  /// Makes what was written survive a power cut: fdatasync(2).
  ///
  /// Any error, an interruption too, means that the bytes may be lost though a second call would
  /// succeed: the kernel marks pages clean that it failed to write. So nothing is retried here, and
  /// a caller must give up the file.
  package func synchronizeData() throws(SystemCallError) {
    if case .fail(let errno) = system.faults?.fault(in: FileOperation(.fdatasync, path)) {
      throw failure("fdatasync", errno)
    }
    if fdatasync(descriptor) != 0 { throw last("fdatasync") }
    system.faults?.made(FileOperation(.fdatasync, path))
  }

  /// Makes creations, renames and removals in a directory, opened as a file, survive a power cut:
  /// fsync(2).
  ///
  /// Never repeated after a failure: the kernel may have dropped what it could not write.
  package func synchronizeDirectory() throws(SystemCallError) {
    if case .fail(let errno) = system.faults?.fault(in: FileOperation(.fsyncDirectory, path)) {
      throw failure("fsync", errno)
    }
    if fsync(descriptor) != 0 { throw last("fsync") }
    system.faults?.made(FileOperation(.fsyncDirectory, path))
  }

  /// Reserves disk space for the first `byteCount` bytes, which read as zeros until written; the
  /// file grows to that size. Where a file system cannot reserve, the file only grows, and a write
  /// may still find the disk full.
  package func allocate(_ byteCount: Int64) throws(SystemCallError) {
    do {
      _ = try system.retrying(FileOperation(.fallocate, path, at: byteCount)) {
        larder_allocate(descriptor, byteCount)
      }
    } catch {
      guard error.errno == .notSupportedOnSocket else { throw error }
      if try size() < byteCount { try truncate(to: byteCount) }
    }
  }

  /// Cuts the file, or lets it grow with zeros, to `byteCount` bytes.
  package func truncate(to byteCount: Int64) throws(SystemCallError) {
    _ = try system.retrying(FileOperation(.ftruncate, path, at: byteCount)) {
      ftruncate(descriptor, off_t(byteCount))
    }
  }

  /// The file's length in bytes.
  package func size() throws(SystemCallError) -> Int64 {
    var status = stat()
    _ = try system.retrying(FileOperation(.fstat, path)) { fstat(descriptor, &status) }
    return Int64(status.st_size)
  }

  /// Bytes that the file takes on disk, in whole blocks, what is reserved included.
  package func allocatedBytes() throws(SystemCallError) -> Int64 {
    var status = stat()
    _ = try system.retrying(FileOperation(.fstat, path)) { fstat(descriptor, &status) }
    return Int64(status.st_blocks) * FileSystem.blockByteCount
  }

  /// How a file is going to be read (posix_fadvise(2)): at random, the system reads nothing ahead.
  package enum Access {
    case normal
    case random
  }

  /// Tells the system how the file is read from now on. An advice: reads are as right without it.
  package func expect(_ access: Access) {
    posix_fadvise(descriptor, 0, 0, access == .random ? POSIX_FADV_RANDOM : POSIX_FADV_NORMAL)
  }

  /// Whether everything from `offset` to the end reads as zeros.
  ///
  /// What was reserved and never written is passed over unread where the file system tells it apart
  /// (`SEEK_DATA` of lseek(2)); pages that a read brought to memory count as data there.
  package func isBlank(from offset: Int64) throws(SystemCallError) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { buffer.deallocate() }
    let end = try size()
    // What is read ahead would count as data, too.
    expect(.random)
    defer { expect(.normal) }
    var place = larder_next_data(descriptor, offset)
    while place < end {
      // Up to the end of a page: a page read in part would be the data that is found next.
      let rest = Int64(buffer.count) - place % Int64(buffer.count)
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(end - place, rest))))
      let count = try read(into: part, at: place)
      // Cut meanwhile.
      guard count > 0, let base = part.baseAddress else { break }
      guard part[0] == 0, memcmp(base, base + 1, count - 1) == 0 else { return false }
      place = larder_next_data(descriptor, place + Int64(count))
    }
    return true
  }

  /// Takes a write lock on the whole file for as long as this file is open, without waiting.
  ///
  /// The lock belongs to the open file (an open file description lock, fcntl(2)): it ends with the
  /// process however that ends, and is not lost when other code opens and closes the same path.
  ///
  /// - Returns: false where somebody else holds it.
  package func tryLock() throws(SystemCallError) -> Bool {
    switch larder_lock_file(descriptor) {
    case 0: return true
    case EAGAIN, EACCES: return false
    case let errno: throw failure("fcntl(F_OFD_SETLK)", Errno(rawValue: errno))
    }
  }

  private func failure(_ call: String, _ errno: Errno) -> SystemCallError {
    SystemCallError(call: call, errno: errno, object: path.string)
  }

  private func last(_ call: String) -> SystemCallError {
    .last(call, on: path.string)
  }
}
