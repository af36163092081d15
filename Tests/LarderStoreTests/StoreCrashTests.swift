import DiskRig
import Testing

@testable import LarderStore

@Suite("Crashes at every edge")
struct StoreCrashTests {
  @Test("Wherever the power goes or the process dies, the store keeps its word and goes on")
  func everyEdge() throws {
    for seed in Campaign.seeds(1) {
      let outcome = try CrashCampaign(seed: seed).run(recoveries: Campaign.size("RECOVERIES", 6))
      Campaign.report("crashes", outcome.crashes, seed)
      #expect(outcome.violations == [])
      #expect(outcome.crashes > 500)
    }
  }

  @Test(
    "A disk that lies and a store that hurries are noticed",
    arguments: [
      DiskJournal.Defect.noSync, .acknowledgesBeforeSync, .noDirectorySync, .indexBeforeData,
    ])
  func defects(defect: DiskJournal.Defect) throws {
    let outcome = try CrashCampaign(seed: 1, defect: defect).run(
      [.nothing, .some], stopsAtFirst: true)
    #expect(!outcome.violations.isEmpty, "\(outcome.crashes) crashes did not show \(defect)")
    print("\(defect): \(outcome.violations.first ?? "not noticed")")
  }
}
