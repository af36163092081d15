import Glibc
import LarderCore

/// The field `Date` (RFC 9110, 5.6.7), written once a second.
final class DateField: Sendable {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private let written = Locked<(second: Int, value: String)>((-1, ""))

  /// Of now.
  var value: String { value(at: time(nil)) }

  /// - Parameter second: since 1970.
  func value(at second: Int) -> String {
    written.withLock { written in
      if written.second != second { written = (second, Self.text(of: second)) }
      return written.value
    }
  }

  /// `Sun, 22 Nov 2026 08:00:00 GMT`.
  private static func text(of second: Int) -> String {
    var (second, parts) = (second, tm())
    gmtime_r(&second, &parts)
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
    return "\(days[Int(parts.tm_wday)]), \(twoDigits(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
      + " \(parts.tm_year + 1_900) \(time) GMT"
  }

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
