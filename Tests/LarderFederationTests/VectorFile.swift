import Foundation
import LarderFederation
import Testing

/// The acceptance vectors, recorded outputs of real runtimes.
struct VectorFile: Decodable {
  let shareVectors: [ShareVector]
  let registerVectors: [RegisterVector]
  let semverVectors: [SemverVector]
  let graphVectors: [GraphVector]

  /// Read once; a missing or malformed file fails every test that asks.
  static let all: VectorFile = {
    guard
      let url = Bundle.module.url(
        forResource: "federation-vectors", withExtension: "json", subdirectory: "Vectors")
    else { preconditionFailure("Vectors/federation-vectors.json is not in the test bundle") }
    do {
      return try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("Vectors/federation-vectors.json cannot be read: \(error)")
    }
  }()
}

struct SemverVector: Decodable, CustomTestStringConvertible {
  let range: String
  let version: String
  let parsed: String
  let rangeToString: String
  let webpack: Bool
  let webpack_5_75: Bool
  let mf2: Bool

  func expected(_ rules: RuleSet) -> Bool {
    switch rules {
    case .webpack: webpack
    case .webpack575: webpack_5_75
    case .mf2VersionFirst, .mf2LoadedFirst: mf2
    }
  }

  var testDescription: String { "\(range) and \(version)" }
}

/// `false` in place of a text: no version is required.
enum TextOrFalse: Decodable {
  case text(String)
  case no

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // A boolean here is always false; that it is one is all that has to be known.
    if (try? container.decode(Bool.self)) != nil {
      self = .no
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}

/// How a build's configuration names a shared package.
struct SharedOptions: Decodable {
  let key: String?
  let shareKey: String?
  let requiredVersion: TextOrFalse?
  let singleton: Bool?
  let strictVersion: Bool?
  let eager: Bool?
  let `import`: Bool?

  var requirement: String? {
    if case .text(let text) = requiredVersion { text } else { nil }
  }
}

struct ShareVector: Decodable, CustomTestStringConvertible {
  struct Provided: Decodable {
    let version: String
    let from: String
    let eager: Bool?
    let loaded: Bool?
  }
  struct Provider: Decodable, Equatable {
    let version: String
    let from: String
  }
  struct Expected: Decodable {
    let outcome: String?
    let provider: Provider?
    let error: String?
    let warnings: [String]?
    let loadedAfter: [String]?
    let noMatch: Bool?
  }
  struct Strategies: Decodable {
    let versionFirst: Expected
    let loadedFirst: Expected
  }
  struct Expectations: Decodable {
    let webpack: Expected
    let webpack_5_75: Expected?
    let mf2: Strategies
    /// In place of the TypeError that `webpack` records.
    let daemon: Expected?

    /// The recording of newer webpack also stands for 5.75 where that does not differ.
    func isNewer(_ rules: RuleSet) -> Bool {
      rules == .webpack || (rules == .webpack575 && webpack_5_75 == nil)
    }

    func under(_ rules: RuleSet) -> Expected {
      switch rules {
      case .webpack: webpack
      case .webpack575: webpack_5_75 ?? webpack
      case .mf2VersionFirst: mf2.versionFirst
      case .mf2LoadedFirst: mf2.loadedFirst
      }
    }
  }
  let id: String
  let rule: String
  let title: String
  let scopeName: String
  let scope: [String: [Provided]]
  let consumer: SharedOptions
  let expect: Expectations

  var testDescription: String { "\(id): \(title)" }
}

struct RegisterVector: Decodable, CustomTestStringConvertible {
  struct Existing: Decodable {
    let version: String
    let from: String
    let eager: Bool
    let loaded: Int?
  }
  struct New: Decodable {
    let key: String
    let version: String
    let uniqueName: String
    let eager: Bool
  }
  struct Expected: Decodable {
    let from: String
    let eager: Bool
  }
  let id: String
  let title: String
  let key: String
  let existing: Existing?
  let register: New
  let expect: [String: Expected]

  var testDescription: String { "\(id): \(title)" }
}

struct GraphVector: Decodable, CustomTestStringConvertible {
  struct Module: Decodable {
    let `static`: [String]
    let dynamic: [String]
  }
  /// One location, or several of which the first that answers is taken.
  enum Location: Decodable {
    case one(String)
    case several([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // A list is the other form; its own error is reported by the line below.
      if let one = try? container.decode(String.self) {
        self = .one(one)
      } else {
        self = .several(try container.decode([String].self))
      }
    }
  }
  struct Container: Decodable {
    let uniqueName: String?
    let exposes: [String: String]?
    let remotes: [String: Location]?
    let shared: [String: SharedOptions]?
    let ownPackages: [String: String]?
    let modules: [String: Module]?
    let offline: Bool?
  }
  struct Entry: Decodable, Equatable {
    let container: String
    let askedBy: String
  }
  struct Shared: Decodable, Hashable {
    let consumer: String
    let key: String
    let version: String
    let from: String
  }
  struct Expected: Decodable {
    let entries: [Entry]
    let initSequence: [String]
    let chunks: [String]
    let execOrder: [String]
    let shared: [Shared]
    let warnings: [String]
    let result: Result
  }
  /// One text, or one for each import of the host; a failed import begins with `ERR:`.
  struct Result: Decodable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // A list is the other form; its own error is reported by the line below.
      if let one = try? container.decode(String.self) {
        texts = [one]
      } else {
        texts = try container.decode([String].self)
      }
    }
  }
  let id: String
  let title: String
  let host: String
  let containers: [String: Container]
  let expect: Expected

  var testDescription: String { "\(id): \(title)" }
}
