extension SpanPooling {
    /// When a frame begins, in seconds from the beginning of the sound.
    package static func start(ofFrame frame: Int) -> Double { Double(frame * hop) / sampleRate }

    /// When a frame ends, in seconds from the beginning of the sound.
    ///
    /// - Parameter sampleCount: The samples of the whole sound, at 22 050 Hz.
    package static func end(ofFrame frame: Int, sampleCount: Int) -> Double {
        Double(min(frame * hop + frameLength, sampleCount)) / sampleRate
    }
}
