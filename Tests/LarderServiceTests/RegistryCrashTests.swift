import DiskRig
import Testing

@Suite("Crashes of the registry and the store")
struct RegistryCrashTests {
  @Test("Each commit is whole or not at all, none is lost, and all that it names can be read")
  func everyEdge() async throws {
    for seed in Campaign.seeds(1) {
      let outcome = try await RegistryCrashCampaign(seed: seed).run()
      Campaign.report("registry-crashes", outcome.crashes, seed)
      #expect(outcome.violations == [])
      #expect(outcome.crashes > 300)
    }
  }

  @Test(
    "A registry whose log is not synced, and one that names what is not, are noticed",
    arguments: [DiskJournal.Defect.noSync, .noRegistrySync])
  func defects(defect: DiskJournal.Defect) async throws {
    let outcome = try await RegistryCrashCampaign(seed: 1, defect: defect)
      .run([.nothing, .some], stopsAtFirst: true)
    #expect(!outcome.violations.isEmpty, "\(outcome.crashes) crashes did not show \(defect)")
    print("\(defect): \(outcome.violations.first ?? "not noticed")")
  }
}
