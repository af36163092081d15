import LarderClient
import LarderPlatform

/// A ZIP archive in memory (APPNOTE 6.3.10): the files that its central directory lists, stored or
/// deflated.
struct ZipArchive {
  /// One file.
  struct Entry: Equatable {
    /// With `/`, below the folder that it is unpacked into.
    let path: String
    let bytes: [UInt8]
  }

  /// Declarations of a large remote come to a few MiB in some thousand files.
  static let entriesMax = 20_000
  static let bytesMax = 256 << 20

  private let bytes: [UInt8]
  private let name: String

  /// - Parameter name: for errors.
  init(_ bytes: [UInt8], named name: String) {
    self.bytes = bytes
    self.name = name
  }

  /// All files, in the order of the archive.
  ///
  /// - Throws: `truncated`, `invalidInput`, `tooLarge`; for a path that leads out of the folder, too.
  func entries() throws(ClientError) -> [Entry] {
    guard let end = endOfDirectory() else { throw damaged("has no directory at its end") }
    let count = number(end + 10, 2)
    guard count <= Self.entriesMax, count < 0xffff else { throw tooLarge() }
    var place = number(end + 16, 4)
    var found: [Entry] = []
    var total = 0
    for _ in 0..<count {
      guard holds(place, 46), number(place, 4) == 0x0201_4b50 else {
        throw damaged("has a damaged directory")
      }
      let lengths = (number(place + 28, 2), number(place + 30, 2), number(place + 32, 2))
      guard holds(place + 46, lengths.0) else { throw damaged("has a damaged directory") }
      let path = String(decoding: bytes[(place + 46)..<(place + 46 + lengths.0)], as: UTF8.self)
      if !path.hasSuffix("/") {
        total += number(place + 24, 4)
        guard total <= Self.bytesMax else { throw tooLarge() }
        found.append(Entry(path: try plain(path), bytes: try content(place, of: path)))
      }
      place += 46 + lengths.0 + lengths.1 + lengths.2
    }
    return found
  }

  /// The bytes of the file whose record in the directory is at `record`.
  private func content(_ record: Int, of path: String) throws(ClientError) -> [UInt8] {
    let (method, packed) = (number(record + 10, 2), number(record + 20, 4))
    let (size, place) = (number(record + 24, 4), number(record + 42, 4))
    guard holds(place, 30), number(place, 4) == 0x0403_4b50 else {
      throw damaged("lacks '\(path)'")
    }
    let start = place + 30 + number(place + 26, 2) + number(place + 28, 2)
    guard holds(start, packed) else { throw damaged("lacks '\(path)'") }
    let data = bytes[start..<(start + packed)]
    let content: [UInt8]
    switch method {
    case 0 where packed == size: content = Array(data)
    case 8:
      do throws(Inflate.Failure) { content = try Inflate.bytes(of: data, size: size) } catch {
        throw damaged("has a damaged '\(path)'")
      }
    default: throw damaged("has '\(path)' by a method that is neither store nor deflate")
    }
    return content
  }

  /// The end record, before a comment of at most 65,535 bytes.
  private func endOfDirectory() -> Int? {
    guard bytes.count >= 22 else { return nil }
    let first = max(0, bytes.count - 22 - 0xffff)
    return (first...(bytes.count - 22)).reversed().first { number($0, 4) == 0x0605_4b50 }
  }

  private func plain(_ path: String) throws(ClientError) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !path.contains("\\"),
      path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else { throw damaged("has a file that leads out of it, '\(path)'") }
    return path
  }

  private func holds(_ place: Int, _ count: Int) -> Bool {
    place >= 0 && count >= 0 && place <= bytes.count && count <= bytes.count - place
  }

  /// Little-endian.
  private func number(_ place: Int, _ count: Int) -> Int {
    guard holds(place, count) else { return 0 }
    return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func damaged(_ what: String) -> ClientError {
    ClientError(
      code: .invalidInput, message: "'\(name)' \(what)",
      remedy: "build the remote again", subject: name)
  }

  private func tooLarge() -> ClientError {
    ClientError(
      code: .tooLarge,
      message: "'\(name)' has more than \(Self.entriesMax) files or \(Self.bytesMax) bytes",
      subject: name)
  }
}
