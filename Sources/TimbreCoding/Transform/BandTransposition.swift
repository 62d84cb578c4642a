/// What the bands of a frame become when all frequencies are multiplied by a number.
struct BandTransposition {
    /// How steeply levels fall below the lowest band that is known, in decibels a band.
    private static let slope = 2.0

    /// Where each band is taken from, counted in bands from the first.
    private let places: [Double]

    /// Prepares for a ratio of frequencies, above 0.
    init(ratio: Double) { places = BandScale.centres.map { BandScale.place(ofHertz: $0 / ratio) } }

    /// Transposes the levels of a frame, in decibels, shape `[100]`.
    ///
    /// Between two bands a level is interpolated; above the last there is nothing, and below the first levels fall.
    func callAsFunction(_ levels: [Double]) -> [Double] {
        let last = levels.count - 1
        var top = levels[0]
        for level in levels { top = max(top, level) }
        let floor = top - BandReader.depth
        return places.map { place in
            if place > Double(last) { return floor }
            if place < 0 { return max(floor, levels[0] + place * Self.slope) }
            let band = min(Int(place), last - 1)
            let share = place - Double(band)
            return max(floor, levels[band] * (1 - share) + levels[band + 1] * share)
        }
    }
}
