import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Standard output and standard error.
enum Console {
  /// Prints a result; `lines` end with a line break each.
  ///
  /// Ends the process quietly if nobody reads any more, as in `larder remote list | head -1`.
  static func write(_ lines: String) throws(ClientError) {
    try Array(printable(lines).utf8).withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Prints a result as one JSON document.
  static func write(json value: some Encodable) throws(ClientError) {
    try write(JSONText.document(value))
  }

  /// Prints bytes of content; blocks until all are taken.
  static func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    do {
      try Descriptor.write(bytes, to: STDOUT_FILENO, named: "standard output")
    } catch {
      if error.errno == .brokenPipe { exit(0) }
      throw .file("write to", error)
    }
  }

  /// Tells something beside the result, on standard error.
  static func note(_ message: String) {
    tell("larder: \(message)\n")
  }

  /// Shows what goes on in the last line of a terminal, in place of what was there.
  static func status(_ line: String) {
    // Not through `tell`, which would show the codes that move the cursor.
    Array("\r\u{1b}[K\(printable(line))".utf8).withUnsafeBytes { bytes in
      // What goes on is no result: a terminal that is gone needs none.
      try? Descriptor.write(bytes, to: STDERR_FILENO, named: "standard error")
    }
  }

  /// Prints an error and its remedy, on standard error.
  static func report(_ error: ClientError, asJSON: Bool) {
    // A failure to write the JSON itself leaves the text, which says the same.
    if asJSON, let line = try? JSONText.line(ErrorDocument(error)) {
      tell(line)
    } else {
      tell("larder: \(error.message)\n" + (error.remedy.map { "  \($0)\n" } ?? ""))
    }
  }

  /// Names and messages come from other people's builds: what steers a terminal is shown as
  /// `\u{…}`.
  static func printable(_ text: String) -> String {
    func steers(_ scalar: Unicode.Scalar) -> Bool {
      scalar != "\n" && scalar.properties.generalCategory == .control
    }
    guard text.unicodeScalars.contains(where: steers) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
      shown += steers(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
  }

  private static func tell(_ lines: String) {
    Array(printable(lines).utf8).withUnsafeBytes { bytes in
      // Where errors themselves cannot be told, the exit code is all that is left.
      try? Descriptor.write(bytes, to: STDERR_FILENO, named: "standard error")
    }
  }
}

/// An error as `--json` prints it: the body of an ERROR reply, and what the program exits with.
private struct ErrorDocument: Encodable {
  let code: String
  let message: String
  let remedy: String?
  let subject: String?
  let exitStatus: Int32

  init(_ error: ClientError) {
    code = error.code.rawValue
    message = error.message
    remedy = error.remedy
    subject = error.subject
    exitStatus = error.exitStatus
  }
}
