/// `{}`: a reply that says no more than that it came.
package struct EmptyMessage: Codable, Sendable, Equatable {
  package init() {}
}
