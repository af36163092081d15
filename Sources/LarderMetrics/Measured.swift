/// Who knows figures, and tells them when somebody looks.
package protocol Measured: Sendable {
  /// Adds what it knows now. May wait for a database, not for an origin.
  func measure(into page: inout Exposition) async
}
