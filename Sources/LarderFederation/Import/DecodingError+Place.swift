import FoundationEssentials

extension DecodingError {
  /// What is wrong where, for people: `'chunks[3].id' has another shape`.
  var place: String {
    let context: Context
    switch self {
    case .dataCorrupted(let found): context = found
    case .keyNotFound(_, let found): context = found
    case .typeMismatch(_, let found): context = found
    case .valueNotFound(_, let found): context = found
    @unknown default: return "they are of another shape"
    }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "they are not JSON" : "'\(path.joined(separator: "."))' has another shape"
  }
}
