import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import Testing

@testable import larder

@Suite("What is printed for people")
struct TextTests {
  @Test("stands in columns without blanks at the end")
  func table() {
    var table = Table(["NAME", "SIZE", "NOTE"], rightAligned: [1], indentation: 1)
    table.add("a", "10", "")
    table.add("long name", "2000")
    #expect(table.lines == " NAME       SIZE  NOTE\n a            10\n long name  2000\n")
  }

  @Test("cannot steer a terminal")
  func control() {
    #expect(Console.printable("a\u{1b}[2Jb\n") == "a\\u{1b}[2Jb\n")
    #expect(Console.printable("\u{9b}31m\u{7f}") == "\\u{9b}31m\\u{7f}")
    #expect(Console.printable("häßlich 日本\n") == "häßlich 日本\n")
  }

  @Test(
    "names the two largest units of a time",
    arguments: [
      (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_661, "1 h 1 min"), (90_000, "1 d 1 h"),
    ])
  func durations(_ seconds: Int64, _ text: String) {
    #expect(StatusDocument.duration(seconds: seconds) == text)
  }

  @Test(
    "takes intervals as people write them",
    arguments: [
      ("30s", 30), ("10m", 600), ("6h", 21_600), ("1d", 86_400), ("off", 0), ("0s", nil),
      ("10", nil), ("m", nil), ("-1m", nil), ("1.5h", nil), ("٣s", nil), ("36600d", 3_162_240_000),
      ("36601d", nil), ("99999999999999999999s", nil), ("", nil),
    ] as [(String, Int64?)])
  func intervals(_ text: String, _ seconds: Int64?) {
    #expect(UpdateInterval(argument: text)?.seconds == seconds)
  }

  @Test("tells when a remote's origin was asked, when it changed, and what is kept")
  func remotes() {
    func line(_ updates: RemoteMessage.Updates?, _ retention: RemoteMessage.Retention) -> String {
      let release = ReleaseMessage(
        name: "nav", release: "1", completeness: "exact", createdAt: 940, current: true,
        variants: [])
      let remote = RemoteMessage.Remote(
        name: "nav", urls: ["http://o.test/"], state: .complete, message: nil, current: release,
        channels: [:], releases: [release], updates: updates, retention: retention)
      return RemoteText.lines(of: [remote], at: 1_000).split(separator: "\n").last.map(String.init)
        ?? ""
    }
    #expect(
      line(.init(everySeconds: 600, askedAt: 990, nextAt: 1_590), .init(newest: 8))
        == "nav   complete  1        1 (keeps 8)  1 min 0 s ago  every 10 min 0 s, asked 10 s ago, "
        + "next in 9 min 50 s  http://o.test/")
    let failing = RemoteMessage.Updates(
      everySeconds: 600, askedAt: 990, nextAt: 1_010, failingSince: 400, message: "why")
    #expect(
      line(failing, .init(newest: 8, seconds: 86_400)).contains(
        "1 (keeps 8, 1 d 0 h)  1 min 0 s ago  every 10 min 0 s, failing for 10 min 0 s, next in 10 s"
      ))
    #expect(line(nil, .init(newest: 8)).contains("  on demand  "))
  }

  @Test("gives moments in UTC")
  func moments() {
    #expect(UTCTime.text(seconds: 0) == "1970-01-01 00:00:00Z")
    #expect(UTCTime.text(seconds: 1_700_000_000) == "2023-11-14 22:13:20Z")
  }

  @Test("has ratios only where there is something to divide by")
  func ratios() {
    func ratios(
      _ store: StatisticsMessage.Store, _ machine: StatisticsMessage.Machine? = nil
    ) -> StatusDocument.Ratios {
      let statistics = StatisticsMessage(
        realm: "default", uptimeSeconds: 1, store: store, origin: .init(), machine: machine)
      return StatusDocument(server: "", socket: "", statistics: statistics).ratios
    }
    #expect(ratios(.init()).compression == nil)
    #expect(ratios(.init()).deduplication == nil)
    let store = StatisticsMessage.Store(logicalBytes: 300, storedBytes: 90)
    let full = ratios(store, .init(deduplicatedBytes: 150))
    #expect(full.compression == 3.33)
    #expect(full.deduplication == 1.5)
    #expect(ratios(store).deduplication == nil)
  }

  @Test(
    "offers the name that was probably meant",
    arguments: [
      ("baskt", "basket"), ("navv", "nav"), ("nav", nil), ("zzzzzz", nil), ("", nil),
    ] as [(String, String?)])
  func near(_ name: String, _ meant: String?) {
    #expect(NearName.find(name, among: ["basket", "catalog", "nav"]) == meant)
  }

  @Test("compares names at the length limit and none beyond it")
  func nearLimit() {
    let name = String(repeating: "n", count: NearName.lengthMax)
    #expect(NearName.find(String(name.dropLast()), among: [name]) == name)
    #expect(NearName.find(name, among: [name + "n"]) == nil)
  }

  @Test("says of a daemon that could not start what it printed last")
  func complaints() {
    let log = """
      2026-01-01T00:00:00+0000 info larderd: [larderd] store open
      2026-01-01T00:00:00+0000 error larderd: [larderd] the store is in use
      2026-01-01T00:00:00+0000 info larderd: [larderd] ended
      """
    #expect(DaemonStart.complaint(in: log) == "the store is in use")
    #expect(DaemonStart.complaint(in: "Error: --quota is wrong\nUsage: x\n") == "--quota is wrong")
    #expect(DaemonStart.complaint(in: "") == nil)
  }

  @Test(
    "ends with the daemon's own exit code if it could not start", arguments: [64, 65, 73, 74, 75])
  func exits(_ status: Int32) {
    let code = DaemonStart.code(ofExit: status)
    #expect(ClientError(code: code, message: "").exitStatus == status)
    #expect(DaemonStart.code(ofExit: 1) == .noDaemon)
  }
}
