import SoundFeatures
import SystemPackage
import TestSounds
import TimbreIndex
import TimbreWire

@testable import AudioDecoding
@testable import FolderWatch

/// The small parsers; the first byte chooses which.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.popLast() else { return 0 }
    switch choice % 8 {
    case 0: mounts(bytes)
    case 1: patterns(bytes)
    case 2: events(bytes)
    case 3: header(bytes)
    case 4: base64(bytes)
    case 5: plan(bytes)
    case 6: tags(bytes)
    default: path(bytes)
    }
    return 0
}

private func mounts(_ bytes: [UInt8]) {
    let table = MountTable(parsing: bytes)
    precondition(Set(table.mounts.values).isSubset(of: table.numbers))
    precondition(table.changes(since: table, below: [FilePath("/")]).isEmpty)
}

/// A file's tags: they are as they would be kept, and come back from their bytes.
private func tags(_ bytes: [UInt8]) {
    do {
        let file = try TemporaryFile(bytes)
        let tags = try FileTags.read(file.descriptor)
        precondition(SoundTags(bytes: tags.bytes) == tags)
        precondition(tags.bytes.count < 8192)
        if let kept = SoundTags(bytes: bytes) { precondition(SoundTags(bytes: kept.bytes) == kept) }
    } catch { fatalError("\(error)") }
}

/// A pattern and a name, with a zero between them: both kinds of pattern say the same where both know what is meant.
private func patterns(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let (pattern, name) = (Array(parts[0]), Array(parts[1]))
    let matches = GlobPattern(pattern).matches(name)
    if let text = String(validating: pattern, as: UTF8.self) {
        let named = NamePattern(text)
        _ = NamePattern(text, ignoringCase: true).matches(name)
        if !pattern.contains(where: { [UInt8(ascii: "["), UInt8(ascii: "\\")].contains($0) }) {
            precondition(named.matches(name) == matches)
        }
    }
    precondition(GlobPattern([UInt8(ascii: "*")] + pattern).matches(name) || !matches)
}

/// What the kernel tells: whole events, the lengths of whose names lie within what was read.
private func events(_ bytes: [UInt8]) {
    var rest = bytes[...]
    var read: [UInt8] = []
    while rest.count > 16 {
        let length = Int(rest.removeFirst()) % 32
        read += rest.prefix(12) + [UInt8(length), 0, 0, 0]
        rest = rest.dropFirst(12)
        read += rest.prefix(length) + [UInt8](repeating: 0, count: length - min(length, rest.count))
        rest = rest.dropFirst(length)
    }
    let events = unsafe read.withUnsafeBytes { unsafe Inotify.events(in: $0) }
    precondition(events.allSatisfy { $0.name?.contains(0) != true && $0.name?.count ?? 0 < 32 })
}

private func header(_ bytes: [UInt8]) {
    do {
        let file = try TemporaryFile(bytes)
        let claim = HeaderClaim(of: ByteView(of: try InputReader(file.descriptor)))
        precondition(claim?.end ?? 0 >= 0)
    } catch { fatalError("\(error)") }
}

/// The plan of a file that may be anything: its streams lie within the file, but for what was put in front.
private func plan(_ bytes: [UInt8]) {
    do {
        let file = try TemporaryFile(bytes)
        let view = ByteView(of: try InputReader(file.descriptor))
        do throws(ExtractionFailure) {
            let plan = try FileSniffer(suffix: "").plan(view)
            precondition(plan.streams.allSatisfy { $0.view.size <= view.size + 16_384 })
            let found = try FileSniffer(suffix: "mp3").search(view)
            precondition(found?.streams.allSatisfy { $0.view.size <= view.size + 16_384 } ?? true)
        } catch { precondition(!error.detail.isEmpty) }
    } catch { fatalError("\(error)") }
}

private func base64(_ bytes: [UInt8]) {
    precondition(Base64(text: Base64(bytes).text)?.bytes == bytes)
    if let text = String(validating: bytes, as: UTF8.self), let read = Base64(text: text) {
        precondition(read.bytes.count <= bytes.count)
    }
}

private func path(_ bytes: [UInt8]) {
    let path = WirePath(bytes)
    precondition(!path.isText || Array(path.shown.utf8) == bytes)
    precondition(path.shown.utf8.count >= bytes.count)
}
