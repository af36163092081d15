extension Refetches {
  /// Why a blob could not be had.
  struct Loss: Error {
    let error: ServiceError
    /// Another time may do.
    var mayPass = false

    /// It is about the blob, and not about this moment.
    var isOfContent: Bool { [.corrupt, .notFound].contains(error.code) }

    init(_ error: ServiceError) { self.error = error }

    /// It came from nowhere that can be asked.
    init(of source: ContentSource) {
      error = ServiceError(
        .corrupt, "\(source.name) is damaged or gone, and came from no origin that can be asked",
        remedy: source.remedy, subject: source.name)
    }

    /// Somebody wanted it gone.
    init(ofPurged source: ContentSource) {
      error = ServiceError(
        .corrupt, "\(source.name) was purged",
        remedy: source.fetches.first.map { "'larder fetch \($0.url)' brings it back" }
          ?? source.remedy, subject: source.name)
    }

    /// Where it came from does not give it again.
    init(of name: String, at refusal: ServiceError, remedy: String?) {
      mayPass = [.originUnavailable, .originTimeout, .busy, .noSpace].contains(refusal.code)
      if [.busy, .shuttingDown].contains(refusal.code) {
        error = refusal
      } else if refusal.code == .integrityMismatch {
        error = ServiceError(
          .corrupt, "\(name) is damaged or gone, and its origin has other bytes by now",
          remedy: remedy ?? refusal.remedy, subject: name)
      } else {
        error = ServiceError(
          .corrupt,
          "\(name) is damaged or gone, and its origin does not give it again: \(refusal.message)",
          remedy: refusal.remedy ?? remedy, subject: name)
      }
    }
  }
}
