import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreLibrary
import TimbreWire

/// What to search by: the codes and timbre vectors of one or more sounds.
struct Query {
    /// The codes of all spans of all sounds, without empty ones.
    var codes: [TimbreCode] = []
    /// The timbre vector of each sound.
    var vectors: [TimbreVector] = []
    /// Alternative vectors, by place among ``vectors``: those of the same sound with another start.
    var otherVectors: [Int: TimbreVector] = [:]
    /// The timbre vectors of all spans of all sounds.
    var spanVectors: [TimbreVector] = []
    /// The sounds whose bands are known, as they are looked for inside recordings.
    var sought: [SoughtSound] = []
    /// The figures of each sound, if they were asked for; nil for one in which nothing is heard.
    var figures: [SoundFigures?] = []
    /// Whether only the codes of some sound are known.
    var isByCode = false
    /// Whether only its vectors say what is searched by: a folder has no codes, nor has a mixture.
    var isByVectorAlone = false
    /// The library's own files among the sounds.
    var files: Set<Int64> = []
    /// What to repeat in the answer.
    var echoes: [QueryEcho] = []

    /// How many sounds may be read in two ways: each doubles the work.
    private static let mostOthers = 3

    /// All ways to read the query, each with one vector per sound.
    var readings: [[TimbreVector]] {
        guard otherVectors.count <= Self.mostOthers else { return [vectors] }
        return otherVectors.sorted { $0.key < $1.key }.reduce([vectors]) { readings, other in
            readings
                + readings.map { reading in
                    var reading = reading
                    reading[other.key] = other.value
                    return reading
                }
        }
    }

    /// Adds a part of a sound, given its features.
    mutating func add(frames: Range<Int>, codes: [UInt8], bands: [UInt8]?, _ generation: Generation) {
        self.codes += SpanPooling.pool(codes[frames]).map(\.code)
        guard let bands else {
            isByCode = true
            return
        }
        guard let metric = generation.model.metric else { return }
        let stride = FeatureFrames.bandStride
        let part = Array(bands[frames.lowerBound * stride..<frames.upperBound * stride])
        let spans = SpanPooling.ranges(of: frames.count)
        let found = metric.vectors(of: [TimbreMetric.Request(bands: part, parts: [0..<frames.count] + spans)])[0]
        vectors += found.prefix(1).compactMap(\.self)
        spanVectors += found.dropFirst().compactMap(\.self)
    }
}
