import LarderClient

/// The code with which `body` is refused; nil if it is not, or by another kind of error.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? ClientError)?.code.rawValue
  }
}
