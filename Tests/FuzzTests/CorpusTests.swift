import Foundation
import Testing

@Suite("The corpus of the fuzz targets")
struct CorpusTests {
  @Test("leads to no finding", arguments: FuzzTarget.allCases)
  func replay(_ target: FuzzTarget) throws {
    let folder = try #require(Bundle.module.url(forResource: "Corpus", withExtension: nil))
      .appending(path: target.rawValue)
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty, "\(target) has no corpus")
    for file in files {
      let bytes = try Data(contentsOf: file)
      do throws(FuzzFinding) {
        try Array(bytes).lent { (bytes) throws(FuzzFinding) in try target.run(bytes) }
      } catch {
        Issue.record("\(target)/\(file.lastPathComponent) \(error)")
      }
    }
  }
}
