import ArgumentParser
import Foundation
import Glibc
import LarderCore
import LarderGateway
import LarderService
import Logging
import SystemPackage

/// `larderd`: reads its settings, composes the daemon and runs it until a signal ends it.
@main
struct LarderDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "larderd",
    abstract: "Keeps federated remotes on this machine and serves them to every host.",
    discussion: """
      Runs in the foreground and logs to standard error; SIGTERM and SIGINT end it. 'larder up' starts \
      it with a user's places.
      """,
    version: LarderVersion.current)

  @Option(help: "Folder of the store; made if it is missing, with mode 0700.")
  var store: String

  @Option(
    help:
      "Path of the socket for realm 'default'; its folder is made if it is missing. Needed unless --policy names sockets."
  )
  var socket: String?

  @Option(
    help: ArgumentHelp(
      "JSON file that says which realms there are, from whom each reads, what it fetches, and which sockets admit whom.",
      valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "Path of the socket for 'larder store'; whoever opens it sees every realm.",
      valueName: "path"))
  var adminSocket: String?

  @Option(
    help: ArgumentHelp("A further realm and its socket; may be repeated.", valueName: "name=path"))
  var realm: [RealmSocket] = []

  @Option(help: "Most GiB that the store may take on disk (1 to 16384).")
  var quota: Int64 = 16

  @Option(
    help: ArgumentHelp(
      "Most GiB that one realm's content may take; may be repeated.", valueName: "name=GiB"))
  var realmQuota: [RealmQuota] = []

  @Option(help: "MiB of memory for blobs that are read often (16 to 65536); 0 for none.")
  var memory: Int64 = 256

  @Option(
    help: ArgumentHelp(
      "Days between two scrubs, which read everything that is stored at 16 MiB a second (1 to 365); 0 for none.",
      valueName: "days"))
  var scrubEvery: Int64 = 7

  @Option(
    help: ArgumentHelp(
      "JSON file with the authorization that origins ask for; readable by the daemon's user alone.",
      valueName: "file"))
  var credentials: String?

  @Option(
    help: ArgumentHelp(
      "How often remotes are updated by themselves, such as 10m (10s to 30d); on demand only if absent.",
      valueName: "duration"))
  var updateEvery: String?

  @Option(help: "Releases that a remote keeps (1 to 256), besides those in use.")
  var keepReleases: Int = 8

  @Option(
    help: ArgumentHelp(
      "Days for which a remote keeps a release however many come (0 to 3650).", valueName: "days"))
  var keepDays: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "What is fetched of a deploy besides what hosts ask for: all of it, what fits (an eighth of the quota), or none.",
      valueName: "all|fits|none"))
  var complete = "fits"

  @Option(help: "PEM file of certificates to trust besides the system's, for private origins.")
  var trustRoots: String?

  @OptionGroup(title: "Gateway Options")
  var gateway: GatewayOptions

  @OptionGroup(title: "Edge Options")
  var edge: EdgeOptions

  @OptionGroup(title: "Operations Options")
  var operations: OperationsOptions

  @Option(help: "Least severe log line: trace, debug, info, notice, warning, error, critical.")
  var logLevel = LogLevel.info

  func validate() throws {
    guard RealmQuota.range.contains(quota) else {
      throw ValidationError("--quota takes 1 to 16384 GiB, not \(quota)")
    }
    guard memory == 0 || (16...65_536).contains(memory) else {
      throw ValidationError("--memory takes 16 to 65536 MiB, or 0 for none, not \(memory)")
    }
    guard (0...365).contains(scrubEvery) else {
      throw ValidationError("--scrub-every takes 1 to 365 days, or 0 for never, not \(scrubEvery)")
    }
    guard socket != nil || policy != nil else {
      throw ValidationError("--socket is missing: the path of the socket to listen on")
    }
    do throws(UpdateOptions.Wrong) { _ = try updateRules() } catch {
      throw ValidationError(error.reason)
    }
    let names = ["default"] + realm.flatMap(\.realms)
    guard Set(names).count == names.count else {
      throw ValidationError("--realm names a realm twice, or 'default', which --socket serves")
    }
    // A row of a realm that has no socket would stay in the registry for a slip of the pen.
    guard let unknown = realmQuota.first(where: { !names.contains($0.realm) }) else { return }
    throw ValidationError("--realm-quota names '\(unknown.realm)', which no socket serves")
  }

  func run() async throws {
    // Whatever is made from here on is this user's alone, SQLite's files included.
    umask(0o077)
    var log = Logger(label: "larderd", factory: StreamLogHandler.standardError(label:))
    log.logLevel = logLevel.level
    do throws(DaemonError) {
      try await Daemon.run(try settings(), log: log)
    } catch {
      log.error("\(error.message)")
      throw ExitCode(error.exitCode)
    }
  }

  /// What holds for realms of options.
  private func updateRules() throws(UpdateOptions.Wrong) -> RealmPolicy.Realm {
    var rules = RealmPolicy.Realm()
    rules.updateInterval = try UpdateOptions.interval(updateEvery, "--update-every")
    rules.retention = try UpdateOptions.retention(
      keepReleases, "--keep-releases", days: keepDays, "--keep-days")
    rules.completion = try UpdateOptions.completion(complete, "--complete")
    return rules
  }

  private func settings() throws(DaemonError) -> Daemon.Settings {
    var sockets = realm
    if let socket { sockets.insert(RealmSocket(path: socket, realm: "default"), at: 0) }
    if let adminSocket {
      sockets.append(RealmSocket(path: adminSocket, realm: "default", rights: .administrator))
    }
    var settings = Daemon.Settings(
      store: FilePath(store), quota: .gibibytes(quota), memory: .mebibytes(memory),
      sockets: sockets, realmQuotas: realmQuota, trustRootsFile: trustRoots,
      scrubInterval: scrubEvery > 0 ? .seconds(scrubEvery * 86_400) : nil,
      gateway: gateway.gateway.isEmpty ? nil : gateway,
      operations: operations.operations.map { OperationsSettings(at: $0) },
      edge: edge.edge.isEmpty ? nil : edge)
    let credentialsFolder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
    // Checked before.
    var others = (try? updateRules()) ?? RealmPolicy.Realm()
    if let credentials {
      others.credentials = try CredentialsFile(
        readingFrom: credentials, credentialsFolder: credentialsFolder
      ).credentials
    }
    settings.policy = RealmPolicy(others: others)
    guard let policy else {
      guard settings.edge == nil else { throw DaemonError(edge: "--policy is missing") }
      return settings
    }
    let file = try PolicyFile(readingFrom: policy)
    // What one names the other must not give away unseen.
    if let twice = sockets.flatMap(\.realms).first(where: { file.realms[$0] != nil }) {
      throw DaemonError(
        policy: policy, "it names realm '\(twice)', which an option opens with every right")
    }
    settings.policy = try file.policy(
      policy, others: others, credentialsFolder: credentialsFolder)
    settings.sockets += try file.listeners(policy)
    settings.realmQuotas += file.quotas
    settings.sites = try file.checkedSites(policy)
    guard settings.sites.isEmpty == (settings.edge == nil) else {
      throw DaemonError(
        edge: settings.edge == nil
          ? "the policy \(policy) has sites, and no --edge ADDRESS says where"
          : "the policy \(policy) has no 'sites'")
    }
    if gateway.gatewayRealm != "default", file.realms[gateway.gatewayRealm] == nil,
      !realm.flatMap(\.realms).contains(gateway.gatewayRealm)
    {
      throw DaemonError(
        policy: policy, "--gateway-realm names '\(gateway.gatewayRealm)', which is no realm of it")
    }
    return settings
  }
}
