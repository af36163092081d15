import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import Testing

/// One JSON body of the protocol as it stands on the wire, its keys sorted, and what it cannot do
/// without.
struct MessageCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let golden: String
  /// Members that must be there, by their way from the top: `variants.0.stats`.
  let required: [String]
  /// Decodes and encodes again.
  let recode: @Sendable (Data) throws -> Data

  init<Message: Codable & SendableMetatype>(
    _ name: String, _ type: Message.Type, _ golden: String, required: [String]
  ) {
    testDescription = name
    self.golden = golden
    self.required = required
    recode = { data in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(JSONDecoder().decode(type, from: data))
    }
  }

  static let digest = String(repeating: "ab", count: 32)
  static let id = String(repeating: "0", count: 32)

  private static let release = """
    {"completeness":"exact","createdAt":1700000000,"current":true,"name":"nav","release":"\(id)",\
    "variants":[{"bytes":1,"entry":"remoteEntry.js","exposes":["./Header"],"files":9,\
    "ruleSet":"webpack-5.75","target":"web","webpack":"5.75.0"}]}
    """

  private static let remote = """
    {"channels":{"current":"\(id)"},"current":\(release),"message":"why","name":"nav",\
    "releases":[\(release)],"retention":{"newest":8,"seconds":86400},"state":"complete",\
    "updates":{"askedAt":1,"everySeconds":600,"failingSince":1,"message":"why","nextAt":2},\
    "urls":["http://origin.test/"]}
    """

  private static let share = """
    {"eager":false,"from":"shell","key":"react","loaded":true,"scope":"default","version":"18.1.0"}
    """

  private static let host = """
    {"consumes":[],"name":"shell","remotes":["nav"],"ruleSet":"webpack","shared":[\(share)],\
    "target":"async-node","uniqueName":"shell"}
    """

  static let all = [
    MessageCase(
      "an error", ErrorMessage.self,
      #"{"code":"unknownRemote","message":"m","remedy":"r","subject":"nav"}"#,
      required: ["code", "message"]),
    MessageCase(
      "HELLO", HelloMessage.Request.self, #"{"client":"larder/0.1.0","protocol":[1,1]}"#,
      required: ["client", "protocol"]),
    MessageCase(
      "HELLO's answer", HelloMessage.Reply.self,
      """
      {"capabilities":["bytes"],"limits":{"blobSizeMax":1073741824,\
      "descriptorsPerFrameMax":64,"digestsMax":10000,"frameBodyMax":4194304,\
      "requestsInFlightMax":64,"sessionsMax":64,"slabsMax":256},"protocol":1,\
      "realm":"default","server":"larderd/0.1.0"}
      """,
      required: ["capabilities", "limits", "limits.digestsMax", "protocol", "realm", "server"]),
    MessageCase(
      "ENSURE", EnsureMessage.Request.self,
      """
      {"authorization":"Bearer t","bytes":true,"integrity":"sha384-x",\
      "url":"https://origin.test/a.js","variant":""}
      """, required: ["url"]),
    MessageCase(
      "ENSURE's answer", EnsureMessage.Reply.self,
      #"{"digest":"\#(digest)","size":1,"source":"origin","stale":false,"verified":true}"#,
      required: ["digest", "size", "source", "stale", "verified"]),
    MessageCase(
      "PUBLISH", PublishMessage.Request.self,
      """
      {"name":"nav","variants":[{"files":[{"digest":"\(digest)","path":"remoteEntry.js","size":1}],\
      "stats":"\(digest)"},{"entry":"remoteEntry.js","files":[]}]}
      """,
      required: [
        "name", "variants", "variants.0.files", "variants.0.files.0.path",
        "variants.0.files.0.digest", "variants.0.files.0.size",
      ]),
    MessageCase(
      "a release", ReleaseMessage.self, release,
      required: [
        "name", "release", "completeness", "createdAt", "current", "variants", "variants.0.bytes",
      ]),
    MessageCase(
      "REMOTE", RemoteMessage.Request.self,
      """
      {"channel":"current","everySeconds":600,"key":"react","name":"nav","names":["nav"],"op":"channel","release":"\(id)",\
      "releases":{"nav":"\(id)"},"urls":["http://o.test/"]}
      """, required: ["op"]),
    MessageCase(
      "REMOTE's answer", RemoteMessage.Remote.self, remote,
      required: ["name", "urls", "state", "channels", "releases"]),
    MessageCase(
      "REMOTE list's answer", RemoteMessage.List.self, #"{"remotes":[\#(remote)]}"#,
      required: ["remotes", "remotes.0.name"]),
    MessageCase(
      "REMOTE contents's answer", RemoteMessage.Contents.self,
      #"{"name":"nav","release":"\#(id)","variants":[]}"#,
      required: ["name", "release", "variants"]),
    MessageCase(
      "REMOTE shares's answer", SharesMessage.self,
      """
      {"packages":[{"key":"react","versions":[{"providers":[{"eager":false,"files":[],"realm":"main",\
      "release":"\(id)","remote":"nav","scope":"default","target":"web","uniqueName":"nav"}],\
      "uses":[{"consumer":"cart","count":3,"from":"nav","host":"shell","lastAt":1,"ownCopy":false}],\
      "version":"18.2.0"}]}]}
      """,
      required: ["packages", "packages.0.key", "packages.0.versions.0.providers.0.remote"]),
    MessageCase(
      "REMOTE inspect's answer", RemoteMessage.Inspection.self, #"{"variants":[]}"#,
      required: ["variants"]),
    MessageCase(
      "INIT", SessionMessage.Open.self,
      #"{"host":\#(host),"releases":{"nav":"\#(id)"},"session":1}"#,
      required: [
        "host", "session", "host.name", "host.shared.0.key", "host.shared.0.version",
      ]),
    MessageCase(
      "INIT's answer", SessionMessage.Opened.self, #"{"releases":{"nav":"\#(id)"},"session":1}"#,
      required: ["releases", "session"]),
    MessageCase(
      "OVERRIDE", SessionMessage.Override.self, #"{"session":1,"shared":[\#(share)]}"#,
      required: ["session", "shared"]),
    MessageCase(
      "OVERRIDE's answer", SessionMessage.Overridden.self, #"{"shared":[\#(share)]}"#,
      required: ["shared"]),
    MessageCase(
      "PLAN", PlanMessage.Request.self,
      """
      {"consumes":[{"after":0,"hasFallback":false,"key":"react","requiredVersion":"^18.0.0",\
      "scope":"default","singleton":true,"strictVersion":false}],"differences":true,\
      "host":\(host),"imports":true,\
      "requests":[{"expose":"./Header","remote":"nav"}],"session":1}
      """,
      required: ["requests", "requests.0.expose", "requests.0.remote", "consumes.0.key"]),
    MessageCase(
      "REPORT", ReportMessage.Request.self,
      """
      {"differences":[{"container":"nav","kind":"shared","planned":"a","seen":"b"}],\
      "requests":[{"expose":"./Header","remote":"nav"}],"session":1}
      """, required: ["differences", "session", "differences.0.kind"]),
    MessageCase(
      "OPEN", OpenMessage.Request.self,
      """
      {"container":"nav","have":["\(digest)"],"include":["required","reachable"],\
      "paths":["route.css"],"reply":"places",\
      "requests":[{"expose":"./Header","remote":"nav"}],"session":1}
      """, required: ["requests.0.remote"]),
    MessageCase(
      "OPEN's head", OpenMessage.Head.self,
      """
      {"blobs":[{"digest":"\(digest)","size":1}],\
      "files":[{"container":"nav","digest":"\(digest)","path":"route.css","size":1}]}
      """,
      required: ["blobs", "files", "files.0.digest", "blobs.0.size"]),
    MessageCase(
      "LEASE", LeaseMessage.Request.self, #"{"digests":["\#(digest)"],"seconds":600}"#,
      required: ["digests"]),
    MessageCase(
      "LEASE's answer", LeaseMessage.Reply.self, #"{"bytes":1234,"lease":7,"seconds":600}"#,
      required: ["bytes", "lease"]),
    MessageCase("RELEASE", LeaseMessage.Release.self, #"{"lease":7}"#, required: ["lease"]),
    MessageCase(
      "WATCH", WatchMessage.Request.self,
      #"{"channel":"current","known":{"cart":null,"nav":"\#(id)"}}"#, required: ["known"]),
    MessageCase(
      "WATCH's answer", WatchMessage.Reply.self, #"{"moved":{"cart":"\#(id)","nav":null}}"#,
      required: ["moved"]),
    MessageCase(
      "KEYED", KeyedMessage.Request.self,
      #"{"bytes":true,"digest":"\#(digest)","key":"k","namespace":"n","needs":["\#(digest)"],"op":"put"}"#,
      required: ["key", "namespace", "op"]),
    MessageCase(
      "KEYED's answer", KeyedMessage.Entry.self,
      #"{"digest":"\#(digest)","needs":[],"realm":"main","size":3,"writtenAt":1,"writtenBy":0}"#,
      required: ["digest", "needs", "size", "writtenAt"]),
    MessageCase(
      "STATS's answer", StatisticsMessage.self,
      """
      {"consoles":["http://127.0.0.1:7717/k/console/"],"machine":{"connections":{"accepted":1,"longestTurnMicroseconds":5,"malformed":0,"open":1},"damagedRecords":15,\
      "deduplicatedBytes":3,"diskBytes":4,"evictedSegments":10,"failedSegments":16,"lastScrub":17,\
      "movedBytes":11,"quotaBytes":12,"requests":{"PING":1},"segments":6},\
      "memory":{"handedOutBytes":1,"hits":2,"misses":3,"residentBytes":4},"origin":{"backgroundBytes":1,\
      "coalesced":2,"descriptionBytes":3,"ensuredBytes":4,"failures":5,"plannedBytes":6,\
      "refetchedBytes":9,"requests":7,"revalidations":8},"realm":"default",\
      "store":{"blobs":1,"chunks":2,"diskBytes":13,"logicalBytes":5,"quotaBytes":14,\
      "storedBytes":7},"uptimeSeconds":9}
      """,
      required: [
        "realm", "store", "memory", "origin", "uptimeSeconds",
      ]),
    MessageCase(
      "an event", EventMessage.self,
      """
      {"at":1,"channel":"current","kind":"moved","message":"m","ordinal":2,"release":"\(id)",\
      "remote":"nav"}
      """, required: ["at", "kind", "ordinal", "remote"]),
    MessageCase(
      "who imports whom", FederationMessage.self,
      """
      {"containers":[{"consumes":[{"key":"react","range":"^18.0.0","singleton":true,\
      "strict":false}],"exposes":["./Header"],"imports":["cart"],"name":"nav",\
      "provides":[{"eager":false,"key":"react","version":"18.2.0"}],"release":"\(id)",\
      "uniqueName":"nav"}]}
      """,
      required: ["containers", "containers.0.imports", "containers.0.consumes.0.singleton"]),
    MessageCase(
      "what fills a realm", UsageMessage.self,
      """
      {"pinnedBytes":1,"pinnedBytesMax":2,"releaseBytes":3,"remotes":[{"bytes":3,"name":"nav",\
      "releases":[{"bytes":3,"ownBytes":2,"reasons":["channel current"],"release":"\(id)"}]}]}
      """,
      required: ["releaseBytes", "remotes", "remotes.0.releases.0.reasons"]),
    MessageCase("an empty answer", EmptyMessage.self, "{}", required: []),
  ]
}
