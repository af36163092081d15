import FoundationEssentials
import LarderFederation
import LarderMessages

/// A body is refused, or reads the same once it was written.
func fuzzMessages(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let type = messages[Int(input.byte()) % messages.count]
  try reread(type, Data(input.rest))
}

/// Every JSON body of the protocol, in an order that the corpus relies on: new ones go last.
private let messages: [any (Codable & SendableMetatype).Type] = [
  ErrorMessage.self, HelloMessage.Request.self, HelloMessage.Reply.self,
  EnsureMessage.Request.self, EnsureMessage.Reply.self, PublishMessage.Request.self,
  ReleaseMessage.self, RemoteMessage.Request.self, RemoteMessage.Remote.self,
  RemoteMessage.List.self, RemoteMessage.Inspection.self, SessionMessage.Open.self,
  SessionMessage.Opened.self, SessionMessage.Override.self, SessionMessage.Overridden.self,
  PlanMessage.Request.self, Plan.self, ReportMessage.Request.self, OpenMessage.Request.self,
  OpenMessage.Head.self, LeaseMessage.Request.self, LeaseMessage.Reply.self,
  LeaseMessage.Release.self, PinMessage.Request.self, PinMessage.List.self,
  WatchMessage.Request.self, WatchMessage.Reply.self, StatisticsMessage.self, EmptyMessage.self,
  AdminMessage.Request.self, AdminMessage.Progress.self, AdminMessage.Checked.self,
  AdminMessage.Collected.self, AdminMessage.Removed.self, AdminMessage.Listed.self,
  AdminMessage.Reasons.self, KeyedMessage.Request.self, KeyedMessage.Entry.self,
]

private func reread<Message: Codable>(
  _ type: Message.Type, _ json: Data
) throws(FuzzFinding) {
  // What it refuses has no meaning to keep.
  guard let message = try? JSONDecoder().decode(type, from: json) else { return }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  let written = try? encoder.encode(message)
  let again = try? written.map { try encoder.encode(JSONDecoder().decode(type, from: $0)) }
  try hold(written != nil && written == again, "\(type) is written as it was read")
}
