import Testing

@testable import LarderOrigin

@Suite struct BreakerTests {
  let start = ContinuousClock.now
  let limits = OriginLimits()

  private func failing() -> Breaker {
    var breaker = Breaker(now: start)
    for _ in 0..<limits.failuresMax { breaker.failed(now: start, limits: limits) }
    return breaker
  }

  @Test("It rests after that many failures in a row, and not one fewer")
  func threshold() {
    var breaker = Breaker(now: start)
    for _ in 0..<limits.failuresMax - 1 { breaker.failed(now: start, limits: limits) }
    #expect(breaker.admit(now: start) == .admitted)
    breaker.failed(now: start, limits: limits)
    #expect(breaker.admit(now: start) == .resting(limits.restFirst))
  }

  @Test("A success between failures starts the count anew")
  func success() {
    var breaker = Breaker(now: start)
    for _ in 0..<limits.failuresMax * 3 {
      breaker.failed(now: start, limits: limits)
      breaker.succeeded(now: start)
    }
    #expect(breaker.admit(now: start) == .admitted)
  }

  @Test("After the rest one probe goes at a time, and its success ends the rest")
  func probe() {
    var breaker = failing()
    let later = start + limits.restFirst
    #expect(breaker.admit(now: later) == .admitted)
    #expect(breaker.admit(now: later) == .resting(.zero))
    breaker.succeeded(now: later)
    #expect(breaker.admit(now: later) == .admitted)
    #expect(breaker.admit(now: later) == .admitted)
  }

  @Test("A probe that nobody waits for any longer makes room for another")
  func abandoned() {
    var breaker = failing()
    let later = start + limits.restFirst
    #expect(breaker.admit(now: later) == .admitted)
    breaker.abandoned(now: later)
    #expect(breaker.admit(now: later) == .admitted)
  }

  @Test("Rests double up to the longest")
  func doubling() {
    var breaker = failing()
    var now = start
    var rest = limits.restFirst
    for _ in 0..<10 {
      now += rest
      #expect(breaker.admit(now: now) == .admitted)
      breaker.failed(now: now, limits: limits)
      rest = min(rest * 2, limits.restMax)
      #expect(breaker.admit(now: now) == .resting(rest))
    }
    #expect(rest == limits.restMax)
  }

  @Test("Back-off grows to its bound and is nothing at the least")
  func backoff() {
    #expect(limits.backoff(after: 1, random: 1) == limits.backoffFirst)
    #expect(limits.backoff(after: 2, random: 1) == limits.backoffFirst * 2)
    #expect(limits.backoff(after: 99, random: 1) == limits.backoffMax)
    #expect(limits.backoff(after: 99, random: 0) == .zero)
  }
}
