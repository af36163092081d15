/// What a process cost.
struct Cost: Codable {
  let wallSeconds: Double
  let cpuSeconds: Double
}
