/// Finds the name that somebody may have meant.
enum NearName {
  /// The longest names that are compared: the time grows with the product of two lengths.
  static let lengthMax = 200

  /// The nearest of `names`, if no more than a third of the letters would have to change.
  static func find(_ name: String, among names: [String]) -> String? {
    let compared = names.filter { $0.count <= lengthMax }
    guard name.count <= lengthMax else { return nil }
    let nearest = compared.map { ($0, changes(from: name, to: $0)) }.min { $0.1 < $1.1 }
    guard let (found, count) = nearest, count > 0, count <= max(1, name.count / 3) else {
      return nil
    }
    return found
  }

  /// Letters to insert, delete or replace: Levenshtein's distance.
  static func changes(from name: String, to other: String) -> Int {
    let letters = Array(other)
    var row = Array(0...letters.count)
    for (line, letter) in name.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, candidate) in letters.enumerated() {
        let cost = diagonal + (letter == candidate ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(cost, diagonal + 1, row[column] + 1)
      }
    }
    return row[letters.count]
  }
}
