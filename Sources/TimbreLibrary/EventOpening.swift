import EventStore
import Platform
import SystemPackage
import TimbreStore

/// Opens the file of events that belongs to a catalog.
///
/// Where it is missing, of another library or shorter than it should be, there is an empty one afterwards, and the catalog
/// knows of no events: ingest makes them anew. Where half of it belongs to contents that are gone, it is written anew.
struct EventOpening {
    let catalog: Catalog
    /// Bytes of contents that are gone for which it is not worth the while.
    var littleWaste: Int64 = 64 << 20

    private var path: FilePath { catalog.path.adding("-events") }
    private var next: FilePath { catalog.path.adding("-events-new") }

    /// - Throws: `Errno` if there can be no such file, and what the catalog throws.
    func open() throws -> EventTable {
        let (expected, extents) = try catalog.read { (try $0.eventFile(), try $0.eventExtents()) }
        try finishCompaction(expected)
        let used = extents.map(\.end).max() ?? 0
        var file = try EventFile(at: path, expected: expected, used: used)
        if file.identity != expected {
            try catalog.write { try $0.setEventFile(file.identity) }
        } else if case let waste = used - extents.reduce(0, { $0 + $1.end - $1.position }),
            waste > max(used / 2, littleWaste)
        {
            file = try compact(file, extents)
        }
        return try catalog.read { reader in
            EventTable(
                in: file, try reader.eventEntries(), isComplete: try reader.contentsWithoutEvents(limit: 1).isEmpty)
        }
    }

    /// Writes a file with what is needed of another, and puts it in its place: in the catalog first, so that of two files
    /// the one that it knows counts.
    private func compact(_ old: EventFile, _ extents: [EventExtent]) throws -> EventFile {
        let compacted = try EventFile(at: next, expected: nil, used: 0)
        var moved: [Int64: Int64] = [:]
        for extent in extents {
            guard let events = try old.events(at: extent) else { continue }
            moved[extent.position] = try compacted.append(events, frameCount: extent.frameCount).position
        }
        try compacted.synchronize()
        try catalog.write { try $0.setEventFile(compacted.identity, moved: moved) }
        try next.replace(path)
        return try EventFile(at: path, expected: compacted.identity, used: compacted.size)
    }

    /// Puts a file in its place that was written anew before the machine went down, or removes what was left of it.
    private func finishCompaction(_ expected: Int64?) throws(Errno) {
        guard next.fileSize != nil else { return }
        if let expected, EventFile.identity(ofFileAt: next) == expected {
            try next.replace(path)
        } else {
            try next.removeFile()
        }
    }
}
