import Testing

@testable import LarderFederation

@Suite("Version requirements")
struct VersionRequirementTests {
  @Test(
    "A recorded range accepts what the real runtime accepted",
    arguments: VectorFile.all.semverVectors, RuleSet.allCases)
  func accepts(_ vector: SemverVector, _ rules: RuleSet) {
    let requirement = VersionRequirement(parsing: vector.range, under: rules)
    #expect(requirement.accepts(vector.version) == vector.expected(rules))
  }

  @Test(
    "A version that webpack's runtime cannot read satisfies nothing", arguments: ["1.2.3-", "1+"])
  func malformed(_ text: String) {
    let version = PackageVersion(text)
    let any = VersionRequirement(parsing: "*", under: .webpack)
    #expect(any.throwsOn(version) && !any.accepts(text))
    // Operators alone: the version is not looked at.
    #expect(!VersionRequirement(parsing: "^ || ~", under: .webpack).throwsOn(version))
    #expect(!VersionRequirement(parsing: "*", under: .mf2VersionFirst).throwsOn(version))
  }
}
