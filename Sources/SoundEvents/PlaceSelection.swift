/// A place in a sound where another one may be heard.
package struct FoundPlace: Hashable, Sendable {
    /// The number of the sound, as whoever searches counts them.
    package var sound: Int
    /// The frame with which it begins.
    package var frame: Int
    /// How well it agrees; more is better.
    package var score: Float

    package init(sound: Int, frame: Int, score: Float) {
        self.sound = sound
        self.frame = frame
        self.score = score
    }

    /// When it begins, in seconds: a sound is first heard in a frame when it begins in the half that is new.
    package var start: Double { max(0, Double(frame) / EventDefinition.frameRate + EventDefinition.onsetDelay) }

    /// The order of answers: the better first, of equal ones the earlier sound, and in it the earlier place.
    package static func isBefore(_ a: FoundPlace, _ b: FoundPlace) -> Bool {
        (b.score, a.sound, a.frame) < (a.score, b.sound, b.frame)
    }
}

/// Leaves one row a place: what overlaps a better row of the same sound by more than half goes.
package struct PlaceSelection: Sendable {
    /// How long each place is, in frames.
    private let length: Int
    /// How many places are wanted.
    private let limit: Int
    package private(set) var places: [FoundPlace] = []
    private var frames: [Int: [Int]] = [:]

    package init(length: Int, limit: Int) {
        (self.length, self.limit) = (max(length, 1), limit)
    }

    package var isFull: Bool { places.count >= limit }

    /// Takes the next place.
    ///
    /// - Precondition: It comes after all that were taken before, in the order of ``FoundPlace/isBefore(_:_:)``.
    package mutating func take(_ place: FoundPlace) {
        if isFull { return }
        let taken = frames[place.sound, default: []]
        guard taken.allSatisfy({ 2 * (length - abs($0 - place.frame)) <= length }) else { return }
        frames[place.sound, default: []].append(place.frame)
        places.append(place)
    }
}
