import ArgumentParser
import LarderFederation

extension RuleSet: ExpressibleByArgument {}
