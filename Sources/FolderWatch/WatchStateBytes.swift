import Platform
import SystemPackage

extension WatchState {
    private static let mark = Array("timbred watches, 2".utf8)

    /// The state as bytes that ``init(parsing:)`` reads.
    package var bytes: [UInt8] {
        var writer = ByteFieldWriter()
        writer.write(Self.mark)
        writer.write(cookieWatch)
        writer.write(folders.count)
        for folder in folders { folder.write(to: &writer) }
        writer.write(held.count)
        for file in held {
            writer.write(file.path.bytes)
            writer.write(file.writer.number)
        }
        writer.write(unreadable.count)
        for directory in unreadable { writer.write(directory.bytes) }
        writer.write(indirect.count)
        for file in indirect { writer.write(file.bytes) }
        return writer.bytes
    }

    /// Reads what ``bytes`` gave; nil if it is anything else.
    package init?(parsing bytes: [UInt8]) {
        var reader = ByteFieldReader(bytes)
        do throws(ByteFieldReader.Mismatch) {
            guard try reader.bytes() == Self.mark else { return nil }
            cookieWatch = try reader.numberIfAny()
            folders = try reader.list { reader throws(ByteFieldReader.Mismatch) in try Folder(from: &reader) }
            held = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                let path = FilePath(bytes: try reader.bytes())
                guard let writer = Settler.Writer(number: try reader.number()) else { throw ByteFieldReader.Mismatch() }
                return HeldFile(path: path, writer: writer)
            }
            unreadable = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                FilePath(bytes: try reader.bytes())
            }
            indirect = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                FilePath(bytes: try reader.bytes())
            }
        } catch {
            return nil
        }
        guard reader.isAtEnd else { return nil }
    }
}

extension WatchState.Folder {
    fileprivate func write(to writer: inout ByteFieldWriter) {
        writer.write(path.bytes)
        writer.write(identity.device)
        writer.write(identity.inode)
        writer.write(identity.fileSystem.rawValue)
        writer.write(identity.fileSystemID)
        writer.write(isComplete ? 1 : 0)
        writer.write(directories.count)
        for directory in directories {
            writer.write(directory.depth)
            writer.write(directory.name)
            writer.write(directory.watch)
        }
        writer.write(mounts.count)
        for mount in mounts {
            writer.write(mount.point.bytes)
            writer.write(mount.device)
        }
    }

    fileprivate init(from reader: inout ByteFieldReader) throws(ByteFieldReader.Mismatch) {
        path = FilePath(bytes: try reader.bytes())
        identity = FolderIdentity(
            device: try reader.number(), inode: try reader.number(),
            fileSystem: FileSystemType(rawValue: try reader.number()), fileSystemID: try reader.number())
        isComplete = try reader.number(Int.self) == 1
        directories = try reader.list { reader throws(ByteFieldReader.Mismatch) in
            WatchMap.Directory(
                depth: try reader.number(), name: try reader.bytes(), watch: try reader.numberIfAny())
        }
        mounts = try reader.list { reader throws(ByteFieldReader.Mismatch) in
            MountTable.Place(point: FilePath(bytes: try reader.bytes()), device: try reader.bytes())
        }
    }
}

extension Settler.Writer {
    fileprivate var number: Int {
        switch self {
        case .gone: 0
        case .present: 1
        case .unseen: 2
        }
    }

    fileprivate init?(number: Int) {
        switch number {
        case 0: self = .gone
        case 1: self = .present
        case 2: self = .unseen
        default: return nil
        }
    }
}

/// Fields that each end with a zero byte: names and numbers, one after the other, as a path holds no zero.
struct ByteFieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ field: some Sequence<UInt8>) {
        bytes += field
        bytes.append(0)
    }

    mutating func write(_ number: some FixedWidthInteger) { write(String(number).utf8) }

    /// An empty field stands for nil.
    mutating func write(_ number: Int32?) { number.map { write($0) } ?? write([]) }
}

/// Takes fields out in the order in which they were written.
struct ByteFieldReader {
    /// The bytes are not what was to be read.
    struct Mismatch: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes() throws(Mismatch) -> [UInt8] {
        guard let end = rest.firstIndex(of: 0) else { throw Mismatch() }
        defer { rest = rest[(end + 1)...] }
        return Array(rest[..<end])
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(Mismatch) -> Number {
        guard let number = Number(String(decoding: try bytes(), as: UTF8.self)) else { throw Mismatch() }
        return number
    }

    mutating func numberIfAny() throws(Mismatch) -> Int32? {
        var ahead = self
        guard try ahead.bytes().isEmpty else { return try number() }
        self = ahead
        return nil
    }

    /// So many things as the next field says.
    mutating func list<Element>(
        _ read: (inout ByteFieldReader) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element] {
        let count = try number(Int.self)
        // Each takes a byte at least: a count that is made up must not reserve memory.
        guard count >= 0, count <= rest.count else { throw Mismatch() }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }
}
