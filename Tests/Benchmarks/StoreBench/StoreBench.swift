import ArgumentParser

/// Measures the store alone and beside its peers; `make bench-store` runs `compare`.
@main
struct StoreBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store-bench", abstract: "Measure the store.",
    subcommands: [
      CompareCommand.self, CorpusCommand.self, IngestCommand.self, StagesCommand.self,
      FillCommand.self, StartsCommand.self, LookupsCommand.self, AnswerCommand.self,
      LingerCommand.self, CatCommand.self, CollectionCommand.self, HotCommand.self,
      DedupCommand.self, ExtractCommand.self,
    ])
}
