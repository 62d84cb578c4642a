import TimbreCoding

/// Some thousand files, ascending by number, in columns without an object for each file.
///
/// A file takes 40 bytes, its vector's 128 and its name; a span takes 19, and 132 for its vector unless that is the
/// file's.
struct Segment: Sendable {
    /// A segment with so many files or spans takes no more; a single file may have more spans.
    static let fileLimit = 4096
    static let spanLimit = 65536

    // One element for each file.
    /// The number of each file, less that of the first one.
    var idOffsets: [UInt32] = []
    var durations: [Double] = []
    var added: [Double] = []
    var facts: [SoundFacts] = []
    /// The place of each file's directory in the table of directories.
    var directories: [Int32] = []
    /// Where each file's name ends in ``names``; it starts where the name before it ends.
    var nameEnds: [UInt32] = []
    /// Where the spans of each file end; they start where those of the file before it end.
    var spanEnds: [UInt32] = []
    /// What each file sounds like as a whole.
    var fileVectors = VectorColumns()

    // One element for each span, file by file.
    var codes = CodePlanes()
    /// Which of its file's spans each is.
    var numbers = NumberColumn()

    // One element for each span whose vector is not the file's.
    /// What each of these spans sounds like.
    var ownVectors = VectorColumns()
    /// Which span each of these is, ascending.
    var ownPlaces: [UInt32] = []

    /// The number of the first file.
    var baseID: Int64 = 0
    /// The names of the files, one after the other.
    var names: [UInt8] = []

    var fileCount: Int { idOffsets.count }
    var spanCount: Int { codes.count }
    var lastID: Int64? { idOffsets.isEmpty ? nil : id(of: fileCount - 1) }

    /// The numbers of the files, ascending.
    var ids: [Int64] { idOffsets.indices.map(id) }

    /// Whether a file of this number, which is above all others here, finds room with so many spans.
    func hasRoom(for id: Int64, spans count: Int) -> Bool {
        guard fileCount > 0 else { return true }
        let (offset, isTooFar) = id.subtractingReportingOverflow(baseID)
        return fileCount < Self.fileLimit && spanCount + count <= Self.spanLimit && !isTooFar
            && offset <= UInt32.max
    }

    /// Adds a file whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ file: IndexedFile, directory: Int32) {
        append(
            id: file.id, duration: file.duration, added: file.added,
            SoundFacts(channelCount: file.channelCount, sampleCount: file.sampleCount, isOffline: file.isOffline),
            directory: directory, name: file.name[...], vector: file.vector)
        let spans = file.spans.filter { !$0.isEmpty }
        let isShared = spans.count == 1 && spans[0].vector == file.vector
        for span in spans { append(span, hasFileVector: isShared) }
    }

    /// Adds a file of another segment, whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ row: Int, of other: Segment) {
        append(
            id: other.id(of: row), duration: other.durations[row], added: other.added[row], other.facts[row],
            directory: other.directories[row], name: other.name(of: row), vector: other.fileVectors[row])
        let isShared = other.hasSharedVector(row)
        for place in other.spans(of: row) { append(other.span(at: place), hasFileVector: isShared) }
    }

    private mutating func append(
        id: Int64, duration: Double, added: Double, _ facts: SoundFacts, directory: Int32, name: ArraySlice<UInt8>,
        vector: TimbreVector?
    ) {
        precondition(lastID.map { $0 < id } ?? true, "files ascend by number")
        if fileCount == 0 { baseID = id }
        idOffsets.append(UInt32(id - baseID))
        durations.append(duration)
        self.added.append(added)
        self.facts.append(facts)
        directories.append(directory)
        names += name
        nameEnds.append(UInt32(names.count))
        spanEnds.append(UInt32(spanCount))
        fileVectors.append(vector)
    }

    /// Adds a span to the last file.
    private mutating func append(_ span: IndexedSpan, hasFileVector: Bool) {
        if !hasFileVector {
            ownVectors.append(span.vector)
            ownPlaces.append(UInt32(spanCount))
        }
        codes.append(span.code)
        numbers.append(span.number)
        spanEnds[fileCount - 1] += 1
    }

    mutating func setOffline(_ isOffline: Bool, row: Int) { facts[row].isOffline = isOffline }

    mutating func rename(_ row: Int, to name: [UInt8], directory: Int32) {
        let old = self.name(of: row)
        let growth = Int64(name.count) - Int64(old.count)
        names.replaceSubrange(old.startIndex..<old.endIndex, with: name)
        for place in row..<fileCount { nameEnds[place] = UInt32(Int64(nameEnds[place]) + growth) }
        directories[row] = directory
    }

    func id(of row: Int) -> Int64 { baseID + Int64(idOffsets[row]) }

    func name(of row: Int) -> ArraySlice<UInt8> {
        names[(row == 0 ? 0 : Int(nameEnds[row - 1]))..<Int(nameEnds[row])]
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        idOffsets.trim()
        durations.trim()
        added.trim()
        facts.trim()
        directories.trim()
        nameEnds.trim()
        names.trim()
        spanEnds.trim()
        fileVectors.trim()
        codes.trim()
        numbers.trim()
        ownVectors.trim()
        ownPlaces.trim()
    }
}
