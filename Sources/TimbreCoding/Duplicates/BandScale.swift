import Glibc

/// The Bark bands of a frame: where they lie, and how wide they are.
///
/// Their centres are equally spaced on the scale 6 asinh(*f* / 600). Source: S. Wang, A. Sekey and A. Gersho, "An
/// objective measure for predicting subjective quality of speech coders", *IEEE J. Sel. Areas Commun.* 10 (1992),
/// pp. 819-829.
enum BandScale {
    /// How many bands there are.
    static let count = TimbreSpec().bandCount

    /// The bands' centres, shape `[count]`, in hertz.
    static let centres: [Double] = (0..<count).map { 600 * sinh((lowest + spacing * Double($0)) / 6) }

    /// The equivalent rectangular bandwidths at the centres, shape `[count]`, in hertz. Source: B. Glasberg and B. Moore,
    /// "Derivation of auditory filter shapes from notched-noise data", *Hearing Research* 47 (1990), pp. 103-138, rounded.
    static let bandwidths = centres.map { 0.108 * $0 + 24.7 }

    /// Where among the bands a frequency lies, in hertz: 0 at the centre of the first, 1 at that of the second.
    static func place(ofHertz hertz: Double) -> Double { (6 * asinh(hertz / 600) - lowest) / spacing }

    private static let lowest = 6 * asinh(TimbreSpec().lowestCentre / 600)
    private static let spacing = (6 * asinh(TimbreSpec().highestCentre / 600) - lowest) / Double(count - 1)
}
