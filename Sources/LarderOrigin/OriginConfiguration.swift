/// What a `Fetcher` is made with.
package struct OriginConfiguration: Sendable {
  package var limits: OriginLimits
  package var policy: OriginPolicy
  /// A PEM file of certificates to trust besides the system's, for private origins; nil for none.
  package var trustRootsFile: String?
  /// The value of the `User-Agent` header.
  package var userAgent: String

  package init(
    limits: OriginLimits = OriginLimits(), policy: OriginPolicy = OriginPolicy(),
    trustRootsFile: String? = nil, userAgent: String = "larder"
  ) {
    self.limits = limits
    self.policy = policy
    self.trustRootsFile = trustRootsFile
    self.userAgent = userAgent
  }
}
