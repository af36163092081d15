import LarderCore
import LarderOrigin
import OriginRig
import Testing

@Suite struct RedirectTests {
  @Test("Three redirects are followed, relative ones too, and a fourth is not")
  func count() async throws {
    let origin = try await TestOrigin { request, _ in
      switch request.path {
      case "/0": TestOrigin.redirect("/1", status: "301 Moved")
      case "/1": TestOrigin.redirect("2", status: "307 So")
      case "/2": TestOrigin.redirect("./3?x=%20", status: "308 So")
      case "/3?x=%20": TestOrigin.redirect("?last", status: "303 So")
      case "/3?last": TestOrigin.answer("there")
      default: TestOrigin.answer("", status: "404 No")
      }
    }
    try await withFetcher { fetcher in
      let spool = Spool()
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/1")), into: spool)
      #expect(spool.text == "there")
      #expect(spool.heads.map(\.url) == [origin.url("/3?last")])
      #expect(origin.requests.count == 4)
      await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/0")), into: Spool())
      }
      #expect(origin.requests.count == 8)
    }
  }

  @Test("A loop ends at the limit")
  func loop() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.redirect("/loop") }
    try await withFetcher { fetcher in
      await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/loop")), into: Spool())
      }
      #expect(origin.requests.count == 4)
    }
  }

  @Test(
    "A redirect to what could not be fetched directly is refused",
    arguments: [
      "file:///etc/passwd", "ftp://a.test/", "http://user:pass@127.0.0.1/",
      "http://169.254.169.254/",
      "http://[fe80::1]/", "http://0.0.0.0/", "http://2852039166/", "//169.254.169.254/latest",
      "http://metadata.google.internal/", "http://a b/", "/a\\b", "/%00", "unix:/run/x",
      "http+unix://run/x",
    ])
  func refused(_ location: String) async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.redirect(location) }
    try await withFetcher { fetcher in
      let error = await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      #expect(error?.url == origin.url("/"))
      #expect(origin.requests.count == 1)
    }
  }

  @Test("A redirect with no location, or with two, is malformed")
  func locations() async throws {
    let origin = try await TestOrigin { request, _ in
      TestOrigin.answer(
        "", status: "302 Found",
        headers: request.path == "/two" ? ["Location: /a", "Location: /b"] : [])
    }
    try await withFetcher { fetcher in
      for path in ["/none", "/two"] {
        await expectFailure(.malformed) {
          try await fetcher.fetch(FetchRequest(url: origin.url(path)), into: Spool())
        }
      }
    }
  }

  @Test("Authorization stays with its own origin, and does not come back after it was left")
  func authorization() async throws {
    let other = try await TestOrigin { request, _ in
      request.headers["x"] == nil && request.path.hasPrefix("/back")
        ? TestOrigin.redirect(String(request.path.dropFirst("/back?".count)))
        : TestOrigin.answer("there")
    }
    let origin = try await TestOrigin { request, _ in
      switch request.path {
      case "/same": TestOrigin.redirect("/end")
      case "/away": TestOrigin.redirect(other.url("/end"))
      case "/round":
        TestOrigin.redirect(
          other.url(
            "/back?http://127.0.0.1:\(request.headers["host"]?.split(separator: ":").last ?? "")/end"
          ))
      default: TestOrigin.answer("here")
      }
    }
    try await withFetcher { fetcher in
      for path in ["/same", "/away", "/round"] {
        _ = try await fetcher.fetch(
          FetchRequest(url: origin.url(path), authorization: "Bearer x"), into: Spool())
      }
      #expect(
        origin.requests.map { "\($0.path) \($0.headers["authorization"] ?? "-")" } == [
          "/same Bearer x", "/end Bearer x", "/away Bearer x", "/round Bearer x", "/end -",
        ])
      #expect(other.requests.allSatisfy { $0.headers["authorization"] == nil })
      #expect(other.requests.count == 2)
    }
  }
}
