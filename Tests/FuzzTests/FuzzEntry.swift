import Glibc
import SystemPackage

/// What libFuzzer calls for each execution; `FUZZ_TARGET` names the target.
///
/// Source: "libFuzzer", llvm.org/docs/LibFuzzer.html.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOnce(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do throws(FuzzFinding) {
    try chosen.run(UnsafeRawBufferPointer(start: start, count: count))
  } catch {
    say("\(chosen.rawValue): \(error)")
    abort()
  }
  return 0
}

private let chosen: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    say("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue))")
    exit(64)
  }
  return target
}()

private func say(_ line: String) {
  // Nobody is left to be told that this cannot be told.
  _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
}
