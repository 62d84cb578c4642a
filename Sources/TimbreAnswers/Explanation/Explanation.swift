import ContentHash
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Why two sounds are near to each other, or far apart, in the library of one moment.
struct Explanation {
    let snapshot: LibrarySnapshot
    let a: HeardSound
    let b: HeardSound

    /// Compares the two.
    ///
    /// - Throws: ``LibraryError/emptyQuery(reason:)`` if one is silent, and what the reader throws.
    func reply(_ reader: CatalogReader) throws -> Explain.Reply {
        for sound in [a, b] where sound.soundingCount == 0 {
            throw LibraryError.emptyQuery(reason: "there is nothing to compare: \(sound.whyNothingSounds)")
        }
        guard let codes = CodeComparison(from: a.spans, to: b.spans) else {
            preconditionFailure("a sound with a code has a span with a bit")
        }
        let (timbre, obstacle): (TimbreNearness?, String?) =
            switch TimbreComparison(a, b, in: snapshot.generation) {
            case .known(let nearness): (nearness, nil)
            case .unknown(let obstacle): (nil, obstacle)
            }
        let (placesOfA, placesOfB) = (CodePlaces(of: a.codes).places, CodePlaces(of: b.codes).places)
        return Explain.Reply(
            a: sound(a), b: sound(b), model: snapshot.generation.model.identifier.description,
            words: words(timbre), codes: nearness(codes), timbre: timbre, obstacle: obstacle,
            shared: try shared(placesOfA, placesOfB, reader), onlyA: Self.only(placesOfA, not: placesOfB),
            onlyB: Self.only(placesOfB, not: placesOfA))
    }

    /// In what the two are alike, in words; nil if nobody knows their bands.
    private func words(_ timbre: TimbreNearness?) -> String? {
        guard let (first, second) = a.bands.flatMap({ first in b.bands.map { (first, $0) } }),
            let ofA = SoundFrames(bands: first).figures(), let ofB = SoundFrames(bands: second).figures()
        else { return nil }
        // √2 is usual between random sounds.
        let envelope = timbre?.groups.first { $0.name == TimbreDescriptor.Kind.envelope.rawValue }
        return FigureWords(from: ofA, to: ofB, hasSameColour: envelope.map { $0.difference < 0.5.squareRoot() }).line
    }

    private func sound(_ sound: HeardSound) -> ExplainedSound {
        ExplainedSound(
            path: sound.path, inLibrary: !sound.files.isEmpty, duration: sound.duration, frames: sound.soundingCount)
    }

    private func nearness(_ codes: CodeComparison) -> CodeNearness {
        CodeNearness(
            distance: codes.distance, score: snapshot.generation.calibration?.score(fileDistance: codes.distance),
            hamming: codes.first.code.distance(to: codes.second.code),
            sharedBits: codes.first.code.sharedBits(with: codes.second.code), a: a.time(of: codes.first),
            b: b.time(of: codes.second))
    }

    /// The codes that both have: the rarest first, then those with the most frames in both sounds together.
    private func shared(
        _ placesOfA: [Int: CodePlaces.Place], _ placesOfB: [Int: CodePlaces.Place], _ reader: CatalogReader
    ) throws -> [SharedCode] {
        let codes = TimbreCode(bits: placesOfA.keys.filter { placesOfB[$0] != nil })
        let census = snapshot.index.census(
            of: codes, naming: CodeExamples.fileLimit, excluding: a.files.union(b.files))
        let examples = try CodeExamples(of: census, in: snapshot, reader).examples
        let shared = codes.bits.compactMap { code -> SharedCode? in
            guard let inA = placesOfA[code], let inB = placesOfB[code], let use = census.uses[code] else { return nil }
            return SharedCode(
                code: code, files: use.fileCount, share: Double(use.fileCount) / Double(max(census.fileCount, 1)),
                a: CodePlace(inA, of: a), b: CodePlace(inB, of: b), example: examples[code])
        }
        return shared.sorted {
            ($0.files, $1.a.frames + $1.b.frames, $0.code) < ($1.files, $0.a.frames + $0.b.frames, $1.code)
        }
    }

    private static func only(_ places: [Int: CodePlaces.Place], not others: [Int: CodePlaces.Place]) -> [CodeCount] {
        places.filter { others[$0.key] == nil }.map { CodeCount(code: $0.key, frames: $0.value.count) }
            .sorted { ($1.frames, $0.code) < ($0.frames, $1.code) }
    }
}

extension CodePlace {
    fileprivate init(_ place: CodePlaces.Place, of sound: HeardSound) {
        self.init(frames: place.count, start: sound.time(ofFrame: place.first))
    }
}
