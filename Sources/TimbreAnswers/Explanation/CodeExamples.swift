import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Finds places in the library where a code can be heard.
///
/// For each code, the frames of at most ``fileLimit`` files are searched: those where it is purest, see
/// ``CodeCensus/Use/purest``. The longest stretch is the example; ties are broken by purity, then by age.
struct CodeExamples {
    /// How many files are looked through for each code.
    static let fileLimit = 200

    /// The examples that were found, by code.
    let examples: [Int: CodeExample]

    /// - Complexity: One read for each file in the census, and O(*n*) in their frames.
    init(of census: CodeCensus, in snapshot: LibrarySnapshot, _ reader: CatalogReader) throws {
        var wanted: [Int64: [(code: Int, place: Int)]] = [:]
        for (code, use) in census.uses {
            for (place, file) in use.purest.enumerated() { wanted[file, default: []].append((code, place)) }
        }
        var found: [Int: Candidate] = [:]
        for file in wanted.keys.sorted() {
            guard let frames = try reader.frames(ofFile: file, model: snapshot.generation.id) else { continue }
            let places = CodePlaces(of: frames).places
            for (code, place) in wanted[file] ?? [] {
                guard let stretch = places[code]?.longest else { continue }
                let candidate = Candidate(place: place, file: file, stretch: stretch)
                if found[code].map({ candidate.isBetter(than: $0) }) ?? true { found[code] = candidate }
            }
        }
        examples = found.compactMapValues { $0.example(in: snapshot.index) }
    }

    private struct Candidate {
        var place: Int
        var file: Int64
        var stretch: Range<Int>

        func isBetter(than other: Candidate) -> Bool {
            (other.stretch.count, place) < (stretch.count, other.place)
        }

        func example(in index: TimbreIndex) -> CodeExample? {
            guard let path = index.path(of: file), let indexed = index.file(file) else { return nil }
            let last = stretch.upperBound - 1
            return CodeExample(
                path: WirePath(path), start: SpanPooling.start(ofFrame: stretch.lowerBound),
                end: SpanPooling.end(ofFrame: last, sampleCount: indexed.sampleCount))
        }
    }
}
