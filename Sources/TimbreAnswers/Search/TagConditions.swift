import TimbreIndex
import TimbreStore
import TimbreWire

/// What a request asks of the tags of files, which the index does not hold.
struct TagConditions {
    private let query: TagQuery
    private let wantsLoop: Bool?

    init(_ filter: FileFilter) {
        var query = TagQuery()
        query.words = (filter.tags ?? []).map { ($0.field?.rawValue, $0.word.lowercased()) }
        (query.minBPM, query.maxBPM, query.key) = (filter.minBPM, filter.maxBPM, filter.key)
        self.query = query
        wantsLoop = filter.loop
    }

    /// Whether what files say of themselves makes any difference.
    var needTags: Bool { !query.isEmpty || wantsLoop != nil }

    /// Puts what is found in the catalog into a filter for the index.
    ///
    /// - Complexity: O(*m*) in the files that meet a condition, a microsecond each.
    func apply(to filter: inout IndexFilter, _ catalog: Catalog) throws {
        guard needTags else { return }
        try catalog.read { reader in
            if !query.isEmpty {
                var among = FileNumbers()
                try reader.forEachFile(tagged: query) { among.insert($0) }
                filter.among = among
            }
            if let wantsLoop {
                var condition = LoopCondition(wantsLoop: wantsLoop)
                try reader.forEachFileThatSaysWhetherItLoops { file, isLoop in
                    if isLoop { condition.loops.insert(file) } else { condition.oneShots.insert(file) }
                }
                filter.loop = condition
            }
        }
    }
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
