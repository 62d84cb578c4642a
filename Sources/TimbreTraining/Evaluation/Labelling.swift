import Platform
import SystemPackage
import TimbreIndex
import TimbreStore
import TimbreWire

/// The labels of a library's files: those of a request, or the names of their folders.
package struct Labelling {
    package private(set) var files: [LabelledFile] = []
    /// Files with a label that cannot be found: they are not in the library, not read yet, or offline.
    package private(set) var unknown: [WirePath] = []

    private let index: TimbreIndex
    /// Only files below this folder count; all files if nil.
    private let under: FilePath?
    /// What files may have in common, for ``LabelledFile/traits``.
    private let shared: [SharedTrait]

    private init(_ index: TimbreIndex, under: FilePath?, shared: Set<SharedTrait>) {
        self.index = index
        self.under = under
        self.shared = SharedTrait.allCases.filter(shared.contains)
    }

    /// Labels every file that can be found by the name of its folder; its group is the folder.
    package static func byFolder(_ index: TimbreIndex, under: FilePath?, shared: Set<SharedTrait>) -> Labelling {
        var labelling = Labelling(index, under: under, shared: shared)
        for id in index.ids {
            guard let path = labelling.findable(id) else { continue }
            let folder = path.removingLastComponent()
            let name = folder.lastComponent == nil ? folder.bytes : folder.nameBytes
            labelling.add(id, path, label: WirePath(name).shown, group: folder.bytes, pitch: [])
        }
        return labelling
    }

    /// Labels files as a request says.
    ///
    /// - Throws: ``LibraryError/invalidParameter(_:)`` if a file has two labels, and what the reader throws.
    package static func by(
        _ labels: [FileLabel], _ index: TimbreIndex, under: FilePath?, shared: Set<SharedTrait>,
        _ reader: CatalogReader
    ) throws -> Labelling {
        var labelling = Labelling(index, under: under, shared: shared)
        var known: Set<Int64> = []
        for (place, label) in labels.enumerated() {
            let named = FilePath(bytes: label.path.bytes)
            guard under.map(named.starts(with:)) ?? true else { continue }
            guard let id = try reader.file(at: named)?.id, let path = labelling.findable(id) else {
                labelling.unknown.append(label.path)
                continue
            }
            guard known.insert(id).inserted else { throw LibraryError.invalidParameter("labels[\(place)].path") }
            labelling.add(
                id, path, label: label.label, group: Array((label.group ?? "").utf8),
                pitch: Array((label.pitch ?? "").utf8))
        }
        return labelling
    }

    /// The path of a file that a search may find.
    private func findable(_ id: Int64) -> FilePath? {
        guard let file = index.file(id), !file.isOffline, let bytes = index.path(of: id) else { return nil }
        let path = FilePath(bytes: bytes)
        return under.map(path.starts(with:)) ?? true ? path : nil
    }

    private mutating func add(_ id: Int64, _ path: FilePath, label: String, group: [UInt8], pitch: [UInt8]) {
        let traits = shared.map { trait in
            switch trait {
            case .folder: path.removingLastComponent().bytes
            case .group: group
            case .pitch: pitch
            }
        }
        files.append(LabelledFile(id: id, label: label, traits: traits))
    }
}
