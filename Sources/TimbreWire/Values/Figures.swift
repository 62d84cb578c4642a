/// Plain figures of a sound, in units that people know. None changes with the sound's level.
package struct Figures: Codable, Hashable, Sendable {
    /// Where the middle of the spectrum is, in hertz.
    package var brightness: Double
    /// How much of it is noise, 0 to 1.
    package var noisiness: Double
    /// How long it takes to become loud, in seconds.
    package var attack: Double
    /// For how long it is heard, in seconds, without silence and hiss around it.
    package var length: Double
    /// How long after its loudest moment it has fallen by 20 dB for good, in seconds.
    package var decay: Double
    /// The fundamental, in hertz; absent where none is sure.
    package var pitch: Double?
    /// How likely the pitch is right, up to octaves, 0 to 1.
    package var pitchConfidence: Double?
    /// The note nearest to the pitch, such as `C1`; C4 is middle C.
    package var note: String?

    package init(
        brightness: Double, noisiness: Double, attack: Double, length: Double, decay: Double, pitch: Double? = nil,
        pitchConfidence: Double? = nil, note: String? = nil
    ) {
        self.brightness = brightness
        self.noisiness = noisiness
        self.attack = attack
        self.length = length
        self.decay = decay
        self.pitch = pitch
        self.pitchConfidence = pitchConfidence
        self.note = note
    }

    private enum CodingKeys: String, CodingKey {
        case brightness, noisiness, attack, length, decay, pitch
        case pitchConfidence = "pitch_confidence"
        case note
    }
}
