import SoundDuplicates
import TimbreCodes
import TimbreIndex
import TimbreStore

/// Contents of a library, with those that are nearest to each by timbre, and whether they hold the same sound.
///
/// What it says of two contents depends on nothing else, so that it may be asked from several threads.
struct NearestContents: Sendable {
    /// The nearest contents of one, as far as they have been looked for, and those that were compared with it.
    struct Look: Sendable {
        let content: Int64
        /// The others, nearest first.
        fileprivate(set) var others: [Int64] = []
        /// Whether there are no more.
        fileprivate(set) var isAll = false
        /// How many files were asked for; many may have the same content.
        fileprivate var asked = 0
        /// What came of each comparison.
        fileprivate var known: [Int64: DuplicateMatch?] = [:]

        init(at content: Int64) { self.content = content }
    }

    /// How many files are asked for at first.
    private static let asked = 16

    private let index: TimbreIndex
    private let filter: IndexFilter
    private let bands: @Sendable (Int64) throws -> [UInt8]
    private let goOn: @Sendable () throws -> Void
    private let contents: [Int64: Int64]
    private let files: [Int64: [Int64]]
    /// All contents, by their oldest files.
    let order: [Int64]

    /// - Parameters:
    ///   - holdings: The files that count, oldest first.
    ///   - filter: Admits the same files.
    ///   - goOn: Called before each comparison; throws to end the work.
    ///   - bands: Reads a content's features in the form of ``FeatureFrames/bands``; empty if they are gone.
    init(
        _ holdings: [Holding], in index: TimbreIndex, filter: IndexFilter,
        goOn: @escaping @Sendable () throws -> Void = {}, bands: @escaping @Sendable (Int64) throws -> [UInt8]
    ) {
        self.index = index
        self.filter = filter
        self.bands = bands
        self.goOn = goOn
        var (contents, files): ([Int64: Int64], [Int64: [Int64]]) = ([:], [:])
        var order: [Int64] = []
        for holding in holdings {
            contents[holding.file] = holding.content
            if files[holding.content] == nil { order.append(holding.content) }
            files[holding.content, default: []].append(holding.file)
        }
        (self.contents, self.files, self.order) = (contents, files, order)
    }

    /// Finds the nearest contents, or more of them than before.
    ///
    /// - Complexity: One search of the index.
    func extend(_ look: inout Look) {
        let own = files[look.content] ?? []
        guard let vector = own.lazy.compactMap({ index.vector(of: $0) }).first else {
            look.isAll = true
            return
        }
        look.asked = look.asked == 0 ? Self.asked : look.asked * 4
        let found = index.rankedFiles(
            toVectors: [(vector, 1)], count: look.asked, filter: filter, excluding: Set(own))
        var seen: Set<Int64> = []
        look.others = found.compactMap { contents[$0] }.filter { seen.insert($0).inserted }
        look.isAll = found.count < look.asked
    }

    /// Compares contents with the one of a look, in their order, until so many in a row of all hold another sound.
    ///
    /// - Parameters:
    ///   - patience: How many others end it.
    ///   - isFurther: Whether more contents are looked for where all that were found hold the same sound.
    ///   - isPassedOver: Whether a content is of no interest: it is not compared, and counts for nothing.
    /// - Returns: Those that hold the same sound.
    func compare(
        _ look: inout Look, patience: Int, isFurther: Bool, isPassedOver: (Int64) -> Bool
    ) throws -> [(content: Int64, match: DuplicateMatch)] {
        var (found, place, others): ([(content: Int64, match: DuplicateMatch)], Int, Int) = ([], 0, 0)
        var sound: ComparedSound?
        while others < patience {
            if place == look.others.count {
                if look.isAll || !isFurther && look.asked > 0 { break }
                extend(&look)
                continue
            }
            let other = look.others[place]
            place += 1
            if isPassedOver(other) { continue }
            if look.known[other] == nil {
                try goOn()
                if sound == nil { sound = ComparedSound(bands: try bands(look.content)) }
                guard let sound else { break }
                let compared = ComparedSound(bands: try bands(other))
                look.known[other] = .some(compared.flatMap { DuplicateMatch(sound, $0) })
            }
            if let match = look.known[other] ?? nil { found.append((other, match)) } else { others += 1 }
        }
        return found
    }
}
