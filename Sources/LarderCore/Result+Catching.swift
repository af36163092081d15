extension Result where Success: Sendable {
  /// What `body` came to.
  ///
  /// For results that stand beside other values: of `(index, .success(try await body()))` the
  /// optimised build of Swift 6.3 loses what stands before the `await`. TidyTests look for it.
  package init(catching body: () async throws(Failure) -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
