import TimbreCodes
import TimbreDescriptors

/// A file as the index knows it.
package struct IndexedFile: Hashable, Sendable {
    /// The file's own number; a file that came later has a greater one.
    package var id: Int64
    /// The number of the directory that the file lies in.
    package var directory: Int64
    /// The last component of the file's path.
    package var name: [UInt8]
    /// The length of the sound, in seconds.
    package var duration: Double
    /// Channels in the file, 1 to 65 535.
    package var channelCount: Int
    /// Samples of the sound at 22 050 Hz.
    package var sampleCount: Int
    /// When the file was first seen, in seconds since 1970.
    package var added: Double
    /// Whether the folder that holds the file is away.
    package var isOffline: Bool
    /// The spans of the sound, ascending by number. Those without a code are left out when the file is indexed.
    package var spans: [IndexedSpan]
    /// What the whole sound sounds like; nil if nothing sounds, or that is not known.
    package var vector: TimbreVector?
    /// Its plain figures; nil if nothing sounds, or they are not known yet.
    package var figures: SoundFigures?

    package init(
        id: Int64, directory: Int64, name: [UInt8], duration: Double, channelCount: Int, sampleCount: Int,
        added: Double, isOffline: Bool = false, spans: [IndexedSpan], vector: TimbreVector? = nil,
        figures: SoundFigures? = nil
    ) {
        self.id = id
        self.directory = directory
        self.name = name
        self.duration = duration
        self.channelCount = channelCount
        self.sampleCount = sampleCount
        self.added = added
        self.isOffline = isOffline
        self.spans = spans
        self.vector = vector
        self.figures = figures
    }

    /// A file of which only codes are known.
    package init(
        id: Int64, directory: Int64, name: [UInt8], duration: Double, channelCount: Int, sampleCount: Int,
        added: Double, isOffline: Bool = false, spans: [TimbreSpan]
    ) {
        self.init(
            id: id, directory: directory, name: name, duration: duration, channelCount: channelCount,
            sampleCount: sampleCount, added: added, isOffline: isOffline, spans: spans.map { IndexedSpan($0) })
    }
}

/// A span of a sound as the index knows it.
package struct IndexedSpan: Hashable, Sendable {
    /// Which span of its sound this is, from 0.
    package var number: Int
    /// The timbres that occur in the span.
    package var code: TimbreCode
    /// What the span sounds like; nil if that is not known.
    package var vector: TimbreVector?

    package init(number: Int, code: TimbreCode, vector: TimbreVector? = nil) {
        self.number = number
        self.code = code
        self.vector = vector
    }

    package init(_ span: TimbreSpan, vector: TimbreVector? = nil) {
        self.init(number: span.number, code: span.code, vector: vector)
    }

    /// Whether all frames of the span are silent. Such a span is not indexed.
    package var isEmpty: Bool { code.isEmpty }
}
