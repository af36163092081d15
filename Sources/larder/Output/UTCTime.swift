import Glibc

/// Moments for people.
enum UTCTime {
  /// Seconds since 1970.
  static var now: Int64 { Int64(time(nil)) }

  /// `2026-01-31 23:59:59Z` (RFC 3339, with a space for readers) of seconds since 1970.
  static func text(seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    guard gmtime_r(&moment, &parts) != nil else { return "\(seconds) s since 1970" }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
