import Foundation
import LarderCore
import Testing

@Suite struct RealmIDTests {
  @Test("Realms are ordered and told apart by their numbers")
  func order() throws {
    #expect(RealmID(1) < RealmID(2) && RealmID(2) != RealmID(1))
    #expect(RealmID(.max).description == "realm 4294967295")
    let json = try JSONEncoder().encode(RealmID(3))
    #expect(try JSONDecoder().decode(RealmID.self, from: json) == RealmID(3))
  }
}
