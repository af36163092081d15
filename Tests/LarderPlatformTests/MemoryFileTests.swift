import CPlatform
import Glibc
import SystemPackage
import Testing

@testable import LarderPlatform

@Suite("Memory to share")
struct MemoryFileTests {
  private static let page = 4096

  /// A file of one page that begins with these bytes.
  private func file(_ bytes: [UInt8]) throws -> MemoryFile {
    let file = try MemoryFile(byteCount: MemoryFileTests.page)
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    return file
  }

  @Test("What was written is what a map shows, and a map outlives every descriptor")
  func map() throws {
    let sealed = try file([1, 2, 3]).sealed()
    let map = try sealed.map()
    _ = consume sealed
    #expect(map.byteCount == MemoryFileTests.page)
    #expect(map.withBytes { Array($0.prefix(4)) } == [1, 2, 3, 0])
  }

  @Test("Nobody writes, grows, shrinks or maps for writing what is sealed, not even by reopening")
  func frozen() throws {
    let sealed = try file([1, 2, 3]).sealed()
    let writable = open("/proc/self/fd/\(sealed.descriptor)", O_RDWR | O_CLOEXEC)
    defer { close(writable) }
    try #require(writable >= 0)
    #expect(pwrite(writable, [9], 1, 0) == -1 && errno == EPERM)
    #expect(ftruncate(writable, 0) == -1 && errno == EPERM)
    #expect(ftruncate(writable, 2 * 4096) == -1 && errno == EPERM)
    let map = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, writable, 0)
    #expect(map == MAP_FAILED && errno == EPERM)
    #expect(try sealed.map().withBytes { Array($0.prefix(3)) } == [1, 2, 3])
  }

  @Test("What is handed out is opened for reading, in a description of its own")
  func reopened() throws {
    let sealed = try file([1]).sealed()
    let other = try sealed.reopened()
    #expect(sealed.descriptor != other.descriptor)
    #expect(pwrite(other.descriptor, [9], 1, 0) == -1 && errno == EBADF)
    lseek(other.descriptor, 7, SEEK_SET)
    #expect(lseek(sealed.descriptor, 0, SEEK_CUR) == 0)
    let flags = fcntl(other.descriptor, F_GETFD)
    #expect(flags & FD_CLOEXEC != 0)
  }

  @Test("It is shared while anybody else has it open, mapped, or on its way in a socket")
  func shared() throws {
    let sealed = try file([1]).sealed()
    #expect(sealed.isShared() == false)
    do {
      let other = try sealed.reopened()
      #expect(sealed.isShared() == true)
      let map = try other.map()
      _ = consume other
      #expect(sealed.isShared() == true)
      withExtendedLifetime(map) {}
    }
    #expect(sealed.isShared() == false)
    let (near, far) = try SocketDescriptor.pair()
    let sender = SocketDescriptor(owning: near)
    do {
      let other = try sealed.reopened()
      _ = try withUnsafeBytes(of: 7 as UInt8) { try sender.write($0, with: [other.descriptor]) }
    }
    #expect(sealed.isShared() == true)
    close(far)
    #expect(sealed.isShared() == false)
  }

  @Test("What is received is taken only if nobody can change it, and with the size that was said")
  func received() throws {
    let sealed = try file([1, 2]).sealed()
    let ends = try SocketDescriptor.pair()
    let near = SocketDescriptor(owning: ends.0)
    let far = SocketDescriptor(owning: ends.1)
    let open = try file([3])
    _ = try withUnsafeBytes(of: 7 as UInt8) {
      try near.write($0, with: [sealed.descriptor, sealed.descriptor, open.descriptor])
    }
    var came: [Int32] = []
    let transfer = try withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { buffer in
      try far.read(into: buffer, adding: &came)
    }
    #expect(transfer == .bytes(1))
    try #require(came.count == 3)
    let taken = try SealedMemory(received: came[0], byteCount: MemoryFileTests.page)
    #expect(try taken.map().withBytes { Array($0.prefix(2)) } == [1, 2])
    #expect(fcntl(came[0], F_GETFD) & FD_CLOEXEC != 0)
    #expect(refusal(of: came[1], byteCount: 1) == .invalidArgument)
    #expect(refusal(of: came[2], byteCount: MemoryFileTests.page) == .notPermitted)
    // What is refused is closed.
    #expect(fcntl(came[1], F_GETFD) == -1)
  }

  private func refusal(of descriptor: Int32, byteCount: Int) -> Errno? {
    do {
      _ = try SealedMemory(received: descriptor, byteCount: byteCount)
      return nil
    } catch { return error.errno }
  }

  @Test("A writable map that is still there keeps the seals off, and the error says so")
  func busy() throws {
    let file = try file([1])
    let map = try MappedMemory(4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor)
    defer { withExtendedLifetime(map) {} }
    do {
      _ = try file.sealed()
      Issue.record("sealed in spite of a writable map")
    } catch {
      #expect(error.errno == .resourceBusy)
      #expect(error.call == "fcntl(F_ADD_SEALS)")
    }
  }

  @Test("Its own writer is refused, too, once it is sealed")
  func ended() throws {
    let file = try file([1])
    let sealed = try file.sealed()
    #expect(throws: SystemCallError.self) {
      try [9 as UInt8].withUnsafeBytes { try file.write($0, at: 0) }
    }
    #expect(try sealed.map().withBytes { $0[0] } == 1)
  }

  @Test("Until it is sealed it does not count as sealed, and nothing of it can be executed")
  func unsealed() throws {
    let file = try file([1])
    #expect(larder_memory_is_sealed(file.descriptor) == 0)
    // F_GET_SEALS and F_SEAL_EXEC, which glibc hides; kernels before 6.3 do not know the latter.
    let seals = fcntl(file.descriptor, 1034)
    if seals & 0x20 != 0 { #expect(fchmod(file.descriptor, 0o777) == -1 && errno == EPERM) }
  }

  @Test("Private pages are zero and writable")
  func privatePages() throws {
    let map = try MappedMemory(private: MemoryFileTests.page)
    #expect(map.withBytes { pages in pages.allSatisfy { $0 == 0 } })
    map.withBytes { $0[4095] = 7 }
    #expect(map.withBytes { $0[4095] } == 7)
    #expect(throws: SystemCallError.self) { try MappedMemory(private: 0) }
  }
}
