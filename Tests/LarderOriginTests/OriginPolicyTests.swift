import LarderCore
import Logging
import OriginRig
import Testing

@testable import LarderOrigin

@Suite struct OriginPolicyTests {
  @Test(
    "An address belongs to one part of the net",
    arguments: [
      ("8.8.8.8", HostAddress.Scope.publicNet), ("127.0.0.1", .loopback),
      ("127.255.0.9", .loopback),
      ("10.0.0.1", .privateNet), ("172.16.0.1", .privateNet), ("172.31.255.255", .privateNet),
      ("172.15.0.1", .publicNet), ("172.32.0.1", .publicNet), ("192.168.1.1", .privateNet),
      ("192.169.1.1", .publicNet), ("100.64.0.1", .privateNet), ("100.128.0.1", .publicNet),
      ("169.254.169.254", .linkLocal), ("0.0.0.0", .other), ("0.1.2.3", .other),
      ("224.0.0.1", .other),
      ("255.255.255.255", .other), ("::1", .loopback), ("::", .other), ("fe80::1", .linkLocal),
      ("febf::1", .linkLocal), ("fec0::1", .privateNet), ("fc00::1", .privateNet),
      ("fd12::1", .privateNet),
      ("ff02::1", .other), ("2606:4700::1111", .publicNet), ("::ffff:169.254.169.254", .linkLocal),
      ("::ffff:127.0.0.1", .loopback), ("::ffff:a00:1", .privateNet), ("::127.0.0.1", .loopback),
      ("64:ff9b::a9fe:a9fe", .linkLocal), ("2002:a9fe:a9fe::1", .linkLocal),
      ("fd00:ec2::254", .linkLocal),
    ])
  func scopes(_ text: String, _ scope: HostAddress.Scope) throws {
    #expect(try #require(HostAddress(text)).scope == scope)
  }

  @Test(
    "What is no address is none",
    arguments: [
      "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.+4", "", ":", ":::", "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1.2.3", "1.2.3.4::",
      "fe80::1%eth0", "+1::",
    ])
  func noAddress(_ text: String) {
    #expect(HostAddress(text) == nil)
  }

  private func objects(_ policy: OriginPolicy, _ url: String) throws -> Bool {
    policy.objection(to: try OriginURL(url).origin) != nil
  }

  @Test("By default this machine and the local net may be asked, clouds' metadata may not")
  func standard() throws {
    let policy = OriginPolicy()
    for url in [
      "http://localhost:3000/", "http://[::1]/", "http://192.168.0.2/", "https://a.test/",
    ] {
      #expect(try !objects(policy, url))
    }
    for url in [
      "http://169.254.169.254/", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/",
      "http://0.0.0.0/",
      "http://metadata.google.internal/", "http://[::]/", "http://[fd00:ec2::254]/",
    ] {
      #expect(try objects(policy, url))
    }
  }

  @Test("A strict policy refuses this machine and the local net, but for listed origins")
  func strict() throws {
    let listed = try OriginURL("http://192.168.0.2:8080/").origin
    let policy = OriginPolicy(allowsLoopback: false, allowsPrivate: false, listed: [listed])
    #expect(try !objects(policy, "http://192.168.0.2:8080/a"))
    for url in [
      "http://192.168.0.2:8081/", "https://192.168.0.2:8080/", "http://localhost/",
      "http://a.localhost/",
      "http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/",
    ] {
      #expect(try objects(policy, url))
    }
    let only = OriginPolicy(listed: [listed], refusesUnlisted: true)
    #expect(try !objects(only, "http://192.168.0.2:8080/a"))
    #expect(try objects(only, "https://a.test/"))
  }

  @Test(
    "This machine is asked only where it is allowed or listed"
  )
  func connections() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    var configuration = OriginConfiguration()
    configuration.policy.allowsLoopback = false
    try await withFetcher(configuration) { fetcher in
      await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
    }
    configuration.policy.listed = [try OriginURL(origin.url("/")).origin]
    try await withFetcher(configuration) { fetcher in
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
    }
    #expect(origin.requests.count == 1)
  }

  @Test("A connection to an address that is refused sees no byte of HTTP, now and again")
  func resolvedAddress() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    let asked = Locked<[HostAddress]>([])
    let fetcher = try Fetcher(
      OriginConfiguration(), timing: FastClock().timing, logger: Logger(label: "test")
    ) { address, _ in
      asked.withLock { $0.append(address) }
      return "an address of the test"
    }
    for count in 1...3 {
      let error = await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      #expect(error?.message.contains("resolves to an address of the test") == true)
      #expect(asked.withLock { $0.map(\.bytes) } == Array(repeating: [127, 0, 0, 1], count: count))
    }
    await fetcher.shutdown()
    #expect(origin.requests.isEmpty)
  }
}
