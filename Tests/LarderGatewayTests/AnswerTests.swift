import LarderCore
import LarderFederation
import LarderMessages
import LarderService
import OriginRig
import Testing

@testable import LarderGateway

@Suite("What the gateway answers")
struct AnswerTests {
  @Test("a remote's name with a script that leads to its current release")
  func entry() async throws {
    try await TestGateway.run { gateway in
      let first = try await gateway.publish(Deploy(name: "nav", loading: "jsonp"))
      let reply = try await gateway.get("/remotes/nav/remoteEntry.js")
      #expect(reply.status == 200)
      #expect(reply.fields["content-type"] == "text/javascript; charset=utf-8")
      #expect(reply.fields["cache-control"] == "private, no-cache")
      #expect(reply.text.contains("\"../nav@\(first.release)/remoteEntry.js\""))
      // What the script runs next is said ahead, in the mode in which it is asked for.
      let link = "<../nav@\(first.release)/remoteEntry.js>; rel=preload; as=script"
      #expect(reply.fields["link"] == link)
      let readable = try await gateway.get(
        "/remotes/nav/remoteEntry.js", "GET", "Origin: \(TestGateway.origin)")
      #expect(readable.fields["link"] == link + "; crossorigin")
      let tag = try #require(reply.fields["etag"])
      let known = try await gateway.get(
        "/remotes/nav/remoteEntry.js", "GET", "If-None-Match: \(tag)")
      #expect(known.status == 304 && known.body.isEmpty && known.fields["etag"] == tag)

      let second = try await gateway.publish(Deploy(name: "nav", version: "2", loading: "jsonp"))
      let moved = try await gateway.get(
        "/remotes/nav/remoteEntry.js", "GET", "If-None-Match: \(tag)")
      #expect(moved.status == 200 && moved.text.contains("nav@\(second.release)/"))
      // What a page has loaded goes on.
      let old = try await gateway.get("/remotes/nav@\(first.release)/header.js")
      #expect(old.status == 200 && old.text.contains("// 1 of nav"))
      let new = try await gateway.get("/remotes/nav@\(second.release)/header.js")
      #expect(new.text.contains("// 2 of nav"))
    }
  }

  @Test("a release's file with what it is, for ever")
  func file() async throws {
    try await TestGateway.run { gateway in
      let deploy = Deploy(name: "nav", loading: "jsonp")
      let release = try await gateway.publish(deploy)
      for (path, type) in [
        ("route.js", "text/javascript; charset=utf-8"), ("route.css", "text/css; charset=utf-8"),
        ("unused.png", "image/png"),
      ] {
        let reply = try await gateway.get("/remotes/nav@\(release.release)/\(path)")
        #expect(reply.status == 200 && reply.body == deploy.files[path])
        #expect(reply.fields["content-type"] == type)
        #expect(reply.fields["cache-control"] == "private, max-age=31536000, immutable")
        #expect(reply.fields["x-content-type-options"] == "nosniff")
        #expect(reply.fields["cross-origin-resource-policy"] == "cross-origin")
        #expect(reply.fields["accept-ranges"] == "bytes")
        #expect(reply.fields["vary"] == "Origin")
        #expect(reply.fields["server"] == "larderd/test")
        #expect(reply.fields["server-timing"]?.hasPrefix("file;dur=") == true)
        #expect(reply.fields["content-security-policy"] == nil)

        let head = try await gateway.get("/remotes/nav@\(release.release)/\(path)", "HEAD")
        #expect(head.body.isEmpty && head.status == 200)
        for name in ["content-length", "content-type", "etag", "cache-control"] {
          #expect(head.fields[name] == reply.fields[name], "\(name)")
        }
      }
      for path in ["other.js", "Route.js"] {
        #expect(try await gateway.get("/remotes/nav@\(release.release)/\(path)").status == 404)
      }
      let none = String(repeating: "0", count: 32)
      #expect(try await gateway.get("/remotes/nav@\(none)/route.js").status == 404)
      #expect(try await gateway.get("/remotes/other/remoteEntry.js").status == 404)
    }
  }

  @Test("a manifest as Module Federation 2 reads it, of whatever build")
  func manifest() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "cart", loading: "jsonp"))
      let release = try await gateway.publish(
        Deploy(
          name: "nav", loading: "jsonp", exposes: ["./Header", "./Footer"],
          remotes: [("cart", "./Header"), ("other", "./X")]))
      let reply = try await gateway.get("/remotes/nav/mf-manifest.json")
      #expect(
        reply.status == 200 && reply.fields["content-type"]?.hasPrefix("application/json") == true)
      #expect(reply.fields["cache-control"] == "private, no-cache")
      let base = "//localhost/\(gateway.key.text)/remotes/"
      let text = reply.text
      #expect(text.contains("\"publicPath\":\"\(base)nav@\(release.release)/\""), "\(text)")
      #expect(
        text.contains(#""remoteEntry":{"name":"remoteEntry.js","path":"","type":"global"}"#))
      #expect(text.contains(#""js":{"async":["route.js"],"sync":["header.js"]}"#))
      #expect(text.contains(#""css":{"async":["route.css"],"sync":[]}"#))
      #expect(text.contains("\"entry\":\"\(base)cart/mf-manifest.json\""))
      #expect(text.contains(#""entry":"*","federationContainerName":"other""#))
      // What reads such files elsewhere finds the same container in it.
      let files = BuildFiles(read: { $0 == "mf-manifest.json" ? reply.body : nil })
      let facts = try #require(try BuildImport(files).containers(at: "mf-manifest.json").first)
        .facts
      #expect(facts.name == "nav" && facts.entry == "remoteEntry.js")
      #expect(facts.exposes.map(\.name) == ["./Header", "./Footer"])
      #expect(try await gateway.get("/remotes/none/mf-manifest.json").status == 404)
    }
  }

  @Test("a large file in parts, and each part of it")
  func parts() async throws {
    try await TestGateway.run { gateway in
      var bytes = (0..<3_300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
      bytes[0] = 7
      let digest = try await gateway.put(bytes)
      let path = "/blobs/sha256/\(digest.hex)"
      let whole = try await gateway.get(path)
      #expect(whole.status == 200 && whole.body == bytes)
      #expect(whole.fields["content-type"] == "application/octet-stream")
      let middle = try await gateway.get(path, "GET", "Range: bytes=1000000-2200000")
      #expect(middle.status == 206 && middle.body == Array(bytes[1_000_000...2_200_000]))
      #expect(middle.fields["content-range"] == "bytes 1000000-2200000/3300000")
      let end = try await gateway.get(path, "GET", "Range: bytes=-5")
      #expect(end.status == 206 && end.body == Array(bytes.suffix(5)))
      let beyond = try await gateway.get(path, "GET", "Range: bytes=3300000-")
      #expect(beyond.status == 416 && beyond.fields["content-range"] == "bytes */3300000")
      let wrong = try await gateway.get(path, "GET", "If-Match: \"x\"")
      #expect(wrong.status == 412)
      let head = try await gateway.get(path, "HEAD", "Range: bytes=0-9")
      #expect(head.status == 206 && head.body.isEmpty && head.fields["content-length"] == "10")
      let other = Digest(Array(repeating: 1, count: 32))?.hex ?? ""
      #expect(try await gateway.get("/blobs/sha256/\(other)").status == 404)
    }
  }

  @Test("an entry with a fixed public path with one that finds its chunks here")
  func derived() async throws {
    try await TestGateway.run { gateway in
      let entry = FixedBuild.entry
      let release = try await gateway.publish(
        "stall",
        [
          "remoteEntry.js": Array(entry.utf8), "37.js": Array(FixedBuild.chunk.utf8),
          "page.html": Array("<script>1</script>".utf8), "icon.svg": Array("<svg/>".utf8),
        ])
      let reply = try await gateway.get("/remotes/stall@\(release.release)/remoteEntry.js")
      #expect(
        reply.text
          == entry.replacing(
            #"r.p="https://cdn.example/""#,
            with: #"r.p=new URL("./",document.currentScript.src).href"#))
      let chunk = try await gateway.get("/remotes/stall@\(release.release)/37.js")
      #expect(chunk.text == FixedBuild.chunk)
      // Nothing of it runs as a page of the gateway's own origin.
      for path in ["page.html", "icon.svg"] {
        let document = try await gateway.get("/remotes/stall@\(release.release)/\(path)")
        #expect(document.fields["content-security-policy"] == "sandbox", "\(document)")
      }
      // Its tag is that of its own bytes, and the same when it is asked for again.
      let again = try await gateway.get("/remotes/stall@\(release.release)/remoteEntry.js")
      #expect(again.body == reply.body && again.fields["etag"] == reply.fields["etag"])
      let stored = try await gateway.put(Array(entry.utf8))
      #expect(reply.fields["etag"] != "\"\(stored.hex)\"")
      #expect(reply.fields["etag"] == "\"\(try await gateway.put(reply.body).hex)\"")
    }
  }

  @Test("an entry that is larger than what is sent at once, all of it and a part")
  func largeDerived() async throws {
    try await TestGateway.run { gateway in
      let filling = "/*" + String(repeating: "0123456789abcdef", count: 160_000) + "*/"
      let release = try await gateway.publish(
        "stall",
        [
          "remoteEntry.js": Array((FixedBuild.entry + filling).utf8),
          "37.js": Array(FixedBuild.chunk.utf8),
        ])
      let path = "/remotes/stall@\(release.release)/remoteEntry.js"
      let whole = try await gateway.get(path)
      #expect(whole.body.count > 2 << 20 && whole.text.hasSuffix(filling))
      let part = try await gateway.get(path, "GET", "Range: bytes=5-2000004")
      #expect(part.body == Array(whole.body[5..<2_000_005]))
    }
  }

  @Test("a remote that was only announced with a release, and after that without its origin")
  func announced() async throws {
    try await TestGateway.run { gateway in
      let deploy = Deploy(name: "nav", loading: "jsonp")
      let origin = try await TestOrigin { request, _ in
        guard let bytes = deploy.served[String(request.path.dropFirst())] else {
          return TestOrigin.answer("", status: "404 Not Found")
        }
        return TestOrigin.answer(String(decoding: bytes, as: UTF8.self))
      }
      _ = try await gateway.service.addRemote(
        "nav", urls: [origin.url("/")], for: gateway.peer)
      let entry = try await gateway.get("/remotes/nav/remoteEntry.js")
      #expect(entry.status == 200, "\(entry)")
      try await origin.stop()
      let plan = try await gateway.get("/plan/nav/Header")
      let release = try #require(entry.text.firstMatch(of: #/nav@([0-9a-f]{32})/#)?.1)
      #expect(plan.status == 200 && plan.text.contains(release))
      for path in ["remoteEntry.js", "header.js", "route.js", "route.css"] {
        let file = try await gateway.get("/remotes/nav@\(release)/\(path)")
        #expect(file.status == 200 && file.body == deploy.files[path], "\(path)")
      }
    }
  }

  @Test("a module's plan, with the release of every container")
  func plan() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "cart", loading: "jsonp"))
      let nav = try await gateway.publish(
        Deploy(name: "nav", loading: "jsonp", remotes: [(container: "cart", expose: "./Header")]))
      let reply = try await gateway.get("/plan/nav/Header?target=web")
      #expect(
        reply.status == 200 && reply.fields["content-type"]?.hasPrefix("application/json") == true)
      #expect(reply.fields["cache-control"] == "private, no-cache")
      #expect(reply.text.contains("\"release\":\"\(nav.release)\""))
      #expect(reply.text.contains("\"name\":\"cart\""))
      let missing = try await gateway.get("/plan/none/Header", "GET", "Accept: */*")
      #expect(missing.status == 404)
      #expect(missing.text.contains(#""code":"unknownRemote""#))
      #expect(missing.fields["cache-control"] == "no-store")
    }
  }

  @Test("with nested remotes that are to be had here, and without the others")
  func nested() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "cart", loading: "jsonp"))
      try await gateway.publish(
        Deploy(
          name: "nav", loading: "jsonp",
          remotes: [(container: "cart", expose: "./Header"), (container: "gone", expose: "./X")]))
      let reply = try await gateway.get("/remotes/nav/remoteEntry.js")
      #expect(reply.text.contains(#""remotes":{"cart":"../cart/remoteEntry.js"}"#))
    }
  }

  @Test("the library for pages, all of what its modules import")
  func library() async throws {
    try await TestGateway.run { gateway in
      var seen: Set<String> = []
      var next = ["browser.js"]
      while let path = next.popLast() {
        guard seen.insert(path).inserted else { continue }
        let reply = try await gateway.get("/larder/\(path)")
        #expect(reply.status == 200, "\(path)")
        #expect(reply.fields["content-type"] == "text/javascript; charset=utf-8")
        for match in reply.text.matches(of: #/from '(\.[^']+)'/#) {
          var folder = path.split(separator: "/").dropLast().map(String.init)
          for step in match.1.split(separator: "/") where step != "." {
            if step == ".." { folder.removeLast() } else { folder.append(String(step)) }
          }
          next.append(folder.joined(separator: "/"))
        }
      }
      #expect(seen == Set(Library().files.keys), "what is embedded is what is used")
      #expect(try await gateway.get("/larder/lib/link.js").status == 404)
      #expect(try await gateway.get("/larder/lib/gateway/entry.js").status == 404)
    }
  }

  @Test("an import map of what are modules")
  func importMap() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "nav", loading: "jsonp"))
      let esm = try await gateway.publish(Deploy(name: "esm", loading: "import"))
      let reply = try await gateway.get("/importmap.json")
      let base = "//localhost/\(gateway.key.text)"
      #expect(reply.status == 200)
      #expect(
        reply.text == """
          {"imports":{"esm":"\(base)/remotes/esm@\(esm.release)/remoteEntry.js",\
          "esm/":"\(base)/remotes/esm@\(esm.release)/","larder":"\(base)/larder/browser.js"}}
          """)
    }
  }

  @Test("several requests on one connection, in their order")
  func connection() async throws {
    try await TestGateway.run { gateway in
      let text =
        gateway.head("/importmap.json") + gateway.head("/nothing") + gateway.head("/importmap.json")
      let replies = try await gateway.exchange(text)
      #expect(replies.map(\.status) == [200, 404, 200])
    }
  }

  @Test("nothing at all without the key")
  func keyless() async throws {
    try await TestGateway.run { gateway in
      for path in ["/", "/importmap.json", "/\(String(repeating: "0", count: 32))/importmap.json"] {
        let replies = try await gateway.exchange(
          "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(replies.map(\.status) == [404])
      }
    }
  }

  @Test("people in plain text")
  func people() async throws {
    try await TestGateway.run { gateway in
      let reply = try await gateway.get(
        "/remotes/none/remoteEntry.js", "GET", "Accept: text/html,*/*;q=0.8")
      #expect(reply.status == 404 && reply.fields["content-type"] == "text/plain; charset=utf-8")
      #expect(reply.text.hasPrefix("no remote named 'none' is registered; "))
    }
  }
}

/// A build without statistics that says where its chunks are.
enum FixedBuild {
  static let entry = """
    var stall;(()=>{var e={396:(e,t,r)=>{var n={"./Fruit":()=>r.e(37).then((()=>()=>r(2)))},o=(e,t)=>(t=r.o(n,e)\
    ?n[e]():Promise.resolve().then((()=>{throw new Error('Module "'+e+'" does not exist in container.')})),t);\
    r.d(t,{get:()=>o})}};function r(t){return e[t]}r.m=e,r.d=(e,t)=>{},r.f={},r.e=e=>1,r.u=e=>e+".js",r.o=(e,t)=>1,\
    r.p="https://cdn.example/",(()=>{var e={41:0};r.f.j=(t,n)=>{n.push(e[t])};\
    var t=self.webpackChunkstall=self.webpackChunkstall||[]})();stall=r(396)})();
    """

  static let chunk =
    "(self.webpackChunkstall=self.webpackChunkstall||[]).push([[37],{2:(e,t,n)=>{}}]);"
}
