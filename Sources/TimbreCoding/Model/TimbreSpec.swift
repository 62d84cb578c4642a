/// The numbers that determine features and codes, by the names that the definition's model files give them.
///
/// A model holds them so that one made for another chain of computation is noticed. Only ``centroidCount`` may differ
/// between models that this program reads.
package struct TimbreSpec: Hashable, Sendable, Codable {
    package var name = "V1"
    /// Samples per second that every sound is converted to, in hertz.
    package var sampleRate = 22050
    package var zeroCrossings = 64
    package var rolloff = 0.95
    package var beta = 8.0
    /// Samples in a frame, and from one frame to the next.
    package var frameLength = 1024
    package var hop = 512
    package var framing = "cover"
    /// Below this peak a frame is silent, full scale being 1.
    package var silencePeak = 1e-4
    package var binCount = 513
    package var magnitudeScale = "sine"
    /// Bark bands, and the centres of the first and the last of them, in hertz.
    package var bandCount = 100
    package var lowestCentre = 50.0
    package var highestCentre = 9000.0
    package var filterBank = "area"
    package var floor = "relative"
    package var floorValue = 1e-4
    /// Cepstral coefficients that are kept, and how many are dropped before them.
    package var coefficientCount = 13
    package var excludedCount = 1
    /// Centroids, 2 to 128.
    package var centroidCount = 128
    /// Frames in a span.
    package var framesPerSpan = 30
    package var seedBankRate = 0
    package var dropsEmptySpans = true

    package init(centroidCount: Int = 128) { self.centroidCount = centroidCount }

    /// The names in a model file.
    private enum CodingKeys: String, CodingKey {
        case name
        case sampleRate = "rate"
        case zeroCrossings = "rs_zero_crossings"
        case rolloff = "rs_rolloff"
        case beta = "rs_beta"
        case frameLength = "win"
        case hop
        case framing
        case silencePeak = "silence_peak"
        case binCount = "n_bins"
        case magnitudeScale = "mag_scale"
        case bandCount = "n_bands"
        case lowestCentre = "f_lo"
        case highestCentre = "f_hi"
        case filterBank = "bank"
        case floor
        case floorValue = "floor_value"
        case coefficientCount = "n_coeffs"
        case excludedCount = "exclude"
        case centroidCount = "k"
        case framesPerSpan = "span"
        case seedBankRate = "seed_bank_rate"
        case dropsEmptySpans = "drop_zero_spans"
    }

    /// Adds everything that determines codes, in a form that never changes.
    func append(to bytes: inout CanonicalBytes) {
        bytes.append(name)
        for integer in [
            sampleRate, zeroCrossings, frameLength, hop, binCount, bandCount, coefficientCount, excludedCount,
            centroidCount, framesPerSpan, seedBankRate,
        ] {
            bytes.append(integer)
        }
        for number in [rolloff, beta, silencePeak, lowestCentre, highestCentre, floorValue] { bytes.append(number) }
        for text in [framing, magnitudeScale, filterBank, floor] { bytes.append(text) }
        bytes.append(dropsEmptySpans ? 1 : 0)
    }
}
