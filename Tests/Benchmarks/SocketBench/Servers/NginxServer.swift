import BenchRig
import Foundation

/// nginx with a file for each value, in the page cache, by sendfile(2); names and descriptors of
/// files cached, and no log.
final class NginxServer: Peer {
  let name = "nginx"
  private let folder: ServerFolder
  private let child: Child
  let process: ProcessClock

  var socket: String { folder.socket }

  init(program: String, scratch: String) throws {
    folder = try ServerFolder("nginx", in: scratch)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/files", withIntermediateDirectories: true)
    let prefix = URL(filePath: folder.path).path
    let settings = """
      daemon off; master_process off; pid \(prefix)/pid; error_log \(prefix)/errors;
      events { worker_connections 1024; }
      http {
        access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
        open_file_cache max=10000 inactive=1h; open_file_cache_valid 1h;
        client_body_temp_path \(prefix)/t1; proxy_temp_path \(prefix)/t2;
        fastcgi_temp_path \(prefix)/t3; uwsgi_temp_path \(prefix)/t4; scgi_temp_path \(prefix)/t5;
        server { listen unix:\(prefix)/socket; root \(prefix)/files; }
      }
      """
    try Data(settings.utf8).write(to: URL(filePath: "\(folder.path)/nginx.conf"))
    child = try folder.start(
      program, ["-p", prefix, "-e", "\(prefix)/errors", "-c", "\(prefix)/nginx.conf"])
    process = try ProcessClock(child.processID)
  }

  deinit { child.kill() }

  func load(_ values: ValueSet) throws {
    for (number, value) in values.values.enumerated() {
      let path = "\(folder.path)/files/\(values.name(of: number))"
      try Data(value).write(to: URL(filePath: path))
    }
  }

  func requests(_ values: ValueSet) -> PreparedRequests {
    PreparedRequests { number in
      let name = values.name(of: number % values.values.count)
      return Array("GET /\(name) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    }
  }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> HTTPDialogue {
    HTTPDialogue(requests, from: place, valueSize: values.size)
  }
}
