import Glibc
import SystemPackage
import Testing

@testable import LarderPlatform

@Suite("System call error")
struct SystemCallErrorTests {
  @Test("It says what was attempted, on what, why it failed and what to do")
  func description() {
    let error = SystemCallError(call: "pwrite", errno: .noSpace, object: "/srv/larder/a")
    #expect(error.description.hasPrefix("pwrite '/srv/larder/a': No space left on device; free"))
  }

  @Test(
    "The reasons that a person can mend have a remedy",
    arguments: [
      .noSpace, .diskQuotaExceeded, .tooManyOpenFiles, .tooManyOpenFilesInSystem,
      .permissionDenied, .notPermitted, .readOnlyFileSystem, .addressInUse, .connectionRefused,
    ] as [Errno])
  func remedies(errno: Errno) {
    #expect(SystemCallError(call: "x", errno: errno, object: "y").remedy != nil)
  }

  @Test("It takes the errno that the last call left")
  func last() {
    _ = close(-1)
    let error = SystemCallError.last("close", on: "nothing")
    #expect(error.errno == .badFileDescriptor && error.remedy == nil)
    #expect(error.description == "close 'nothing': Bad file descriptor")
  }
}
