/// A step of loading that waits for its turn.
struct Work {
  enum Subject: Hashable {
    case get(String, String)
    case chunk(String, String)
    case file(String, String)
  }

  let subject: Subject
  /// The exposed module for which it is done, which fails with it.
  let container: String
  let expose: String?
}
