/// A member by whatever name stands in the file.
private struct AnyMember: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The members of an object, none of them unknown.
  func members<Member: CodingKey & CaseIterable>(
    _ known: Member.Type
  ) throws -> KeyedDecodingContainer<Member> {
    let names = Member.allCases.map(\.stringValue)
    let all = try container(keyedBy: AnyMember.self)
    if let unknown = all.allKeys.first(where: { !names.contains($0.stringValue) }) {
      throw DecodingError.dataCorruptedError(
        forKey: unknown, in: all,
        debugDescription:
          "'\(unknown.stringValue)' is no member here: \(names.joined(separator: ", "))")
    }
    return try container(keyedBy: known)
  }
}
