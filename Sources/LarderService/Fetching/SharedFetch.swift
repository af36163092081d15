import Crypto
import FoundationEssentials
import LarderCore
import LarderOrigin
import LarderRegistry

/// What is fetched from an origin on behalf of a realm; equal ones share one flight.
struct SharedFetch: Sendable {
  let realm: RealmID
  let url: String
  /// Tells apart representations of one URL.
  var variant = ""
  /// The value of an `Authorization` header; it is part of the identity, so that nobody is given
  /// what was fetched with another's rights.
  var authorization: String?

  /// The same, asked on behalf of another realm.
  func asked(in realm: RealmID) -> SharedFetch {
    SharedFetch(realm: realm, url: url, variant: variant, authorization: authorization)
  }

  /// The key under which the registry remembers what came; it holds a hash of the authorization,
  /// never the value.
  ///
  /// - Parameter credential: the name of what stands in for an authorization where there is none.
  func key(credential: String) -> FetchKey {
    let own = authorization.map {
      Hex.encode(Array(SHA256.hash(data: Data($0.utf8))))
    }
    return FetchKey(realm: realm, credential: own ?? credential, url: url, variant: variant)
  }

  func request(_ terms: FetchTerms, from origins: OriginRules) -> FetchRequest {
    FetchRequest(
      url: url, origins: origins, etag: terms.validators?.entityTag,
      lastModified: terms.validators?.lastModified,
      authorization: authorization, expectedSize: terms.expectedSize.map { ByteCount($0) },
      sizeMax: terms.sizeMax, integrity: terms.integrity)
  }
}

/// What one caller asks of a body, besides that it is what the URL names.
///
/// Not part of a flight's identity: who joins a flight that has other terms checks its own when the
/// body is here, and asks again itself where the other's terms made the flight fail.
struct FetchTerms: Hashable, Sendable {
  /// Sent along, so that an origin that has nothing newer sends no body.
  var validators: Validators?
  var integrity: Integrity?
  var expectedSize: Int64?
  var sizeMax: ByteCount?

  /// Whether a flight that ended with `error` may have ended otherwise under other terms.
  func mayExplain(_ error: ServiceError) -> Bool {
    switch error.code {
    case .integrityMismatch: integrity != nil
    case .truncated: expectedSize != nil
    case .tooLarge: sizeMax != nil || expectedSize != nil
    default: false
    }
  }
}

/// What an origin is asked with, to learn whether it has something newer (RFC 9110, section 13).
struct Validators: Hashable, Sendable {
  var entityTag: String?
  var lastModified: String?
}
