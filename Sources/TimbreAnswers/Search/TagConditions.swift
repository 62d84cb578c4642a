import SoundFeatures
import TimbreIndex
import TimbreStore
import TimbreWire

/// What a request asks of the tags of files, which the index does not hold.
struct TagConditions {
    private let filter: FileFilter
    /// Words in lower case, as UTF-8.
    private let words: [(field: TagFilter.Field?, word: [UInt8])]
    private let key: (named: MusicalKey?, text: String)?

    init(_ filter: FileFilter) {
        self.filter = filter
        words = (filter.tags ?? []).map { ($0.field, Self.folded($0.word)) }
        key = filter.key.map { (MusicalKey($0), $0.lowercased()) }
    }

    /// Whether a file without tags meets them.
    private var areEmpty: Bool { words.isEmpty && filter.minBPM == nil && filter.maxBPM == nil && key == nil }

    /// Whether what files say of themselves makes any difference.
    var needTags: Bool { !areEmpty || filter.loop != nil }

    /// Puts what is found in the catalog into a filter for the index.
    ///
    /// - Complexity: O(*n*) in the files that have tags, some microseconds each.
    func apply(to filter: inout IndexFilter, _ catalog: Catalog) throws {
        guard needTags else { return }
        var (among, stated): (Set<Int64>, [Int64: Bool]) = ([], [:])
        try catalog.read { reader in
            try reader.forEachTaggedFile { file in
                if !areEmpty, meets(file.tags) { among.insert(file.file) }
                if let isLoop = file.tags.isLoop(frameCount: file.frameCount) { stated[file.file] = isLoop }
            }
        }
        if !areEmpty { filter.among = among }
        filter.loop = self.filter.loop.map { LoopCondition(wantsLoop: $0, stated: stated) }
    }

    /// Whether tags are as the request wants them.
    func meets(_ tags: SoundTags) -> Bool {
        if filter.minBPM != nil || filter.maxBPM != nil {
            guard let tempo = tags.bpm, tempo >= filter.minBPM ?? 0, tempo <= filter.maxBPM ?? .infinity else {
                return false
            }
        }
        if let key {
            guard let text = tags.key else { return false }
            let isSame = key.named.map { MusicalKey(text) == $0 } ?? (text.lowercased() == key.text)
            guard isSame else { return false }
        }
        return words.allSatisfy { field, word in
            SoundTags.texts.contains { name, path in
                guard field.map({ $0.rawValue == name }) ?? true, let text = tags[keyPath: path] else { return false }
                return Self.folded(text).firstRange(of: word) != nil
            }
        }
    }

    private static func folded(_ text: String) -> [UInt8] { Array(text.lowercased().utf8) }
}

extension FileFilter {
    /// Whether all that the filter asks for is known of all files; nil if it asks for nothing that an earlier version's
    /// library may lack.
    func isAnswerable(_ index: TimbreIndex, _ catalog: Catalog) throws -> Bool? {
        let (needsTags, needsLength) = (TagConditions(self).needTags, minLength != nil || maxLength != nil)
        guard needsTags || needsLength else { return nil }
        if needsLength, index.lacksFigures { return false }
        if loop != nil, index.lacksFigures || index.lacksLoops { return false }
        return try !needsTags || !catalog.read { try $0.lacksTags() }
    }
}
