import Glibc
import Testing

@testable import LarderPlatform

@Suite("Descriptor limit")
struct DescriptorLimitTests {
  @Test("The soft limit rises to the hard one")
  func raise() throws {
    var before = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before) == 0)
    // Low enough to see it rise, high enough for the tests that run beside this one.
    var low = before
    low.rlim_cur = min(before.rlim_max, 1024)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low) == 0)
    #expect(try DescriptorLimit.raise() == Int(clamping: min(before.rlim_max, UInt(Int32.max))))
  }
}
