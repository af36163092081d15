import LarderFederation
import Testing

@testable import LarderService

@Suite("Which build of a release a host gets") struct VariantChoiceTests {
  @Test(
    "Its own kind, else one that it runs as well",
    arguments: [
      (.asyncNode, [.web, .node, .asyncNode], 2), (.node, [.web, .asyncNode], 1),
      (.web, [.node, .module, .web], 2), (.web, [.node, .module], 1), (.module, [.web, .node], 0),
      (.web, [.node, .webworker], nil), (.node, [.web], nil), (.webworker, [.web], nil),
    ] as [(ContainerTarget, [ContainerTarget], Int?)])
  func place(_ host: ContainerTarget, _ builds: [ContainerTarget], _ place: Int?) {
    let variants = builds.map { ContainerFacts(name: "nav", target: $0) }
    #expect(variants.place(suiting: host) == place)
  }
}
