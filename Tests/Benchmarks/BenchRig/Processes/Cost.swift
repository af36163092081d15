/// What a process cost.
package struct Cost: Codable {
  package let wallSeconds: Double
  package let cpuSeconds: Double

  package init(wallSeconds: Double, cpuSeconds: Double) {
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
  }
}
