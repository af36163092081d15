/// What came of registering one version of one package.
package struct ShareRegistration: Hashable, Sendable {
  /// Whether the scope now holds the new registration.
  package let isTaken: Bool
  /// Which rule settled it.
  package let rule: ShareRule
  /// One sentence for people.
  package let reason: String
}

extension ShareEntry {
  /// Whether a registration of the same version takes this one's place: never once it is loaded;
  /// else the eager one wins, and among equals the greater unique name (rule R-TIE).
  ///
  /// - Parameter rules: those of the runtime that registers `new`. Module Federation 2 leaves what
  ///   was registered under `loaded-first` alone (rule M5).
  package func contest(_ new: ShareEntry, under rules: RuleSet) -> ShareRegistration {
    if rules.isModuleFederation2, isLoadedFirst {
      return kept(.loadedFirst, "\(from) registered it under loaded-first, where the first stays")
    }
    if isLoaded { return kept(.tie, "it is loaded already") }
    if eager != new.eager {
      return new.eager
        ? taken("\(new.from) provides it eagerly and \(from) does not")
        : kept(.tie, "it is eager and \(new.from)'s is not")
    }
    if from == new.from { return kept(.tie, "the names are equal, and the first stays") }
    return JavaScriptNumber.precedes(from, new.from)
      ? taken("of two names the greater wins: \(new.from) over \(from)")
      : kept(.tie, "of two names the greater wins: \(from) over \(new.from)")
  }

  private func taken(_ reason: String) -> ShareRegistration {
    ShareRegistration(isTaken: true, rule: .tie, reason: "\(version) changes hands: \(reason)")
  }

  private func kept(_ rule: ShareRule, _ reason: String) -> ShareRegistration {
    ShareRegistration(
      isTaken: false, rule: rule, reason: "\(version) of \(from) stays: \(reason)")
  }
}
